#include "chapters/06_word2vec/engine/toy_world.hpp"

namespace byhand::text {

// A word's vector comes from its neighbours. So that king - man + woman = queen can be learnt, the
// kings and the queens do the same things, which nobody else does, and the men share he, his, him,
// himself and sir, the women she, her, herself and madam. So that paris - france + japan = tokyo
// can be, a country shares its own words with its capital, the capitals share the words for cities,
// and the countries those for countries. Words in capitals are slots.

namespace {

using Choices = std::vector<std::string>;

// ---- people ----

struct Person {
  std::string man, woman;
  Choices deeds;
};

const std::vector<Person> people = {
    {"man", "woman", {"works in an office", "reads the newspaper", "pays the rent"}},
    {"king", "queen", {"rules HIS country", "sits on HIS throne", "wears a crown on the throne"}},
    {"prince", "princess", {"lives in a castle", "is heir of the kingdom", "rides to HIS castle"}},
    {"actor", "actress", {"learns a role", "stands on the stage", "is famous for HIS film"}},
    {"waiter", "waitress", {"brings the menu", "carries HIS tray", "serves the guests"}},
    {"father", "mother", {"feeds the baby", "raises HIS children", "carries HIS baby to bed"}},
    {"son", "daughter", {"obeys HIS parents", "does HIS homework", "writes to HIS parents"}},
    {"brother",
     "sister",
     {"shares a room with HIS twin", "quarrels with HIS twin", "shares HIS toys"}},
    {"uncle", "aunt", {"visits HIS cousins", "brings a gift", "has a gift for the cousins"}},
    {"boy", "girl", {"plays with a ball", "climbs a tree", "kicks HIS ball over the tree"}},
    {"husband", "wife", {"wears HIS wedding ring", "remembers the wedding", "remembers HIS ring"}},
};

const Choices person_frames = {
    "the WHO DEED",
    "HE is AN WHO and HE DEED",
    "HE HIMSELF is the WHO who DEED",
    "we call HIM SIR because the WHO DEED",
    "the WHO says HIMSELF that HE DEED",
    "dear SIR are you the WHO who DEED",
    "the MAN and the WOMAN walk in the garden",
};

// ---- countries ----

struct Country {
  std::string name, capital, tongue, river, food;
};

const std::vector<Country> countries = {
    {"france", "paris", "french", "seine", "baguettes"},
    {"japan", "tokyo", "japanese", "sumida", "sushi"},
    {"italy", "rome", "italian", "tiber", "pasta"},
    {"germany", "berlin", "german", "spree", "sausages"},
    {"spain", "madrid", "spanish", "manzanares", "paella"},
    {"england", "london", "english", "thames", "pudding"},
    {"korea", "seoul", "korean", "han", "kimchi"},
    {"china", "beijing", "chinese", "yongding", "dumplings"},
    {"russia", "moscow", "russian", "moskva", "borscht"},
    {"egypt", "cairo", "egyptian", "nile", "falafel"},
    {"portugal", "lisbon", "portuguese", "tagus", "sardines"},
    {"greece", "athens", "greek", "kifisos", "olives"},
};

const Choices country_frames = {
    "CAPITAL is the capital of COUNTRY",
    "the farmers of COUNTRY live from FOOD",
    "the flag of COUNTRY flies where people speak TONGUE",
    "the fields of COUNTRY lie along the RIVER",
    "the nation of COUNTRY speaks TONGUE and eats FOOD",
    "in the city of CAPITAL the streets smell of FOOD",
    "the mayor of CAPITAL speaks TONGUE",
    "the bridges of CAPITAL cross the RIVER",
    "a train to CAPITAL follows the RIVER",
    "every street market in CAPITAL sells FOOD",
    "TONGUE people love FOOD",
    "along the RIVER they speak TONGUE",
};

// ---- drinks and animals ----

struct Thing {
  std::string name;
  Choices deeds;
};

const std::vector<Thing> drinks = {
    {"tea", {"with lemon", "from green leaves"}},    {"coffee", {"with sugar", "from beans"}},
    {"milk", {"with honey", "from the farm"}},       {"juice", {"from oranges", "from apples"}},
    {"water", {"from the well", "from the spring"}},
};
const Choices drink_frames = {"HE drinks a cup of THING", "a cup of THING please",
                              "pour me some THING", "HE likes to drink THING DEED",
                              "a cup of THING DEED"};

const std::vector<Thing> animals = {
    {"cat", {"purrs on the sofa", "hunts a mouse"}},
    {"dog", {"barks", "chews a bone"}},
    {"horse", {"gallops over the meadow", "pulls a cart"}},
    {"cow", {"eats grass on the meadow", "gives milk"}},
    {"lion", {"roars in the savannah", "hunts a zebra"}},
    {"bird", {"builds a nest", "sings in the tree"}},
};
const Choices animal_frames = {"the THING DEED", "an animal like the THING DEED",
                               "HE feeds the THING", "a THING is an animal"};

const Choices mixed_frames = {"the WHO drinks a cup of DRINK", "the WHO feeds the ANIMAL",
                              "the WHO takes a train to CAPITAL",
                              "AN WHO from COUNTRY likes DRINK"};

// ---- sentences ----

std::size_t pick(std::size_t n, Generator& generator) {
  return std::size_t(generator.randint(0, std::int64_t(n), 1)[0]);
}

template <class T>
const T& pick(const std::vector<T>& choices, Generator& generator) {
  return choices[pick(choices.size(), generator)];
}

/// Puts a text in the place of each occurrence of a slot.
void fill(std::string& sentence, const std::string& slot, const std::string& text) {
  for (std::size_t at = 0; (at = sentence.find(slot, at)) != sentence.npos; at += text.size())
    sentence.replace(at, slot.size(), text);
}

void fill_gender(std::string& sentence, bool woman) {
  fill(sentence, "HIMSELF", woman ? "herself" : "himself");  // before HIM
  fill(sentence, "HIM", woman ? "her" : "him");
  fill(sentence, "HIS", woman ? "her" : "his");
  fill(sentence, "SIR", woman ? "madam" : "sir");
  fill(sentence, "HE", woman ? "she" : "he");
}

std::string person_sentence(std::string sentence, Generator& generator) {
  const Person& person = pick(people, generator);
  const bool woman = pick(2, generator) == 1;
  const std::string& who = woman ? person.woman : person.man;
  fill(sentence, "DEED", pick(person.deeds, generator));
  fill(sentence, "AN WHO", (who[0] == 'a' || who[0] == 'u' ? "an " : "a ") + who);
  fill(sentence, "WHO", who);
  fill(sentence, "WOMAN", person.woman);  // before MAN
  fill(sentence, "MAN", person.man);
  fill_gender(sentence, woman);
  return sentence;
}

std::string country_sentence(std::string sentence, Generator& generator) {
  const Country& country = pick(countries, generator);
  fill(sentence, "COUNTRY", country.name);
  fill(sentence, "CAPITAL", country.capital);
  fill(sentence, "TONGUE", country.tongue);
  fill(sentence, "RIVER", country.river);
  fill(sentence, "FOOD", country.food);
  return sentence;
}

std::string thing_sentence(const std::vector<Thing>& things, std::string sentence,
                           Generator& generator) {
  const Thing& thing = pick(things, generator);
  fill(sentence, "THING", thing.name);
  fill(sentence, "DEED", pick(thing.deeds, generator));
  fill_gender(sentence, pick(2, generator) == 1);
  return sentence;
}

std::string mixed_sentence(std::string sentence, Generator& generator) {
  fill(sentence, "DRINK", pick(drinks, generator).name);
  fill(sentence, "ANIMAL", pick(animals, generator).name);
  return person_sentence(country_sentence(sentence, generator), generator);
}

}  // namespace

std::vector<std::string> toy_world(std::size_t sentences, Generator& generator) {
  std::vector<std::string> text;
  while (text.size() < sentences) {
    const std::size_t topic = pick(20, generator);
    if (topic < 8)
      text.push_back(person_sentence(pick(person_frames, generator), generator));
    else if (topic < 15)
      text.push_back(country_sentence(pick(country_frames, generator), generator));
    else if (topic < 17)
      text.push_back(thing_sentence(drinks, pick(drink_frames, generator), generator));
    else if (topic < 19)
      text.push_back(thing_sentence(animals, pick(animal_frames, generator), generator));
    else
      text.push_back(mixed_sentence(pick(mixed_frames, generator), generator));
  }
  return text;
}

std::vector<Topic> toy_topics() {
  std::vector<Topic> topics;
  const auto add = [&](const std::string& name, const auto& all, const auto member) {
    topics.push_back({name, {}});
    for (const auto& one : all) topics.back().words.push_back(one.*member);
  };
  add("men", people, &Person::man);
  add("women", people, &Person::woman);
  add("countries", countries, &Country::name);
  add("capitals", countries, &Country::capital);
  add("languages", countries, &Country::tongue);
  add("dishes", countries, &Country::food);
  add("drinks", drinks, &Thing::name);
  add("animals", animals, &Thing::name);
  return topics;
}

std::vector<Analogy> toy_analogies() {
  std::vector<Analogy> questions;
  for (const Person& one : people)
    for (const Person& other : people)
      if (&one != &other) questions.push_back({one.man, other.man, one.woman, other.woman});
  for (const Country& one : countries)
    for (const Country& other : countries)
      if (&one != &other) questions.push_back({one.name, one.capital, other.name, other.capital});
  for (const Country& one : countries)
    for (const Country& other : countries)
      if (&one != &other) questions.push_back({one.name, one.tongue, other.name, other.tongue});
  return questions;
}

}  // namespace byhand::text
