#include "chapters/15_rag/measure/small_book.hpp"

namespace rag {

ChunkOptions small_chunks() { return {.words = 40, .overlap = 12}; }

const Document& small_book() {
  static const Document book{"small_book.md", "",
                             R"(# A small book

## Pizza
A pizza is a flat round bread with tomato and cheese on it, baked in a very hot oven.
The best known one comes from Naples in Italy and carries basil, mozzarella and nothing else.

## Bread
Bread is made of flour, water, salt and yeast.
The dough rests until the yeast has filled it with gas, then it goes into the oven.

## Tea
Tea is made by pouring hot water over leaves.
Green tea wants water that has cooled a little, black tea wants it boiling.

## Coffee
Coffee beans are seeds that are roasted until they are brown, then ground.
Hot water takes the taste and the caffeine out of the powder.
Whoever drinks it in the evening may lie awake: )"
                             R"(half of the caffeine is still in the blood after five hours.

## Dogs
Dogs live with people longer than any other animal.
They guard houses, herd sheep and find what is lost by its smell.

## Cats
Cats sleep most of the day and hunt at night.
In the dark they see with a sixth of the light that people need.

## Horses
A horse can carry a rider for hours and eats grass and oats.
It sleeps standing and lies down for an hour only.

## The Moon
The Moon circles the Earth in about four weeks.
It shows us the same side all the time, since it turns round itself just as fast.

## Mars
Mars is a cold and dry planet; rust makes its ground red.
A day there is forty minutes longer than ours.

## The Sun
The Sun is a star, a ball of glowing gas.
In its middle hydrogen becomes helium, and that gives the light and the warmth.

## Violins
A violin has four strings and is played with a bow.
The wood of its body makes the sound of the strings loud.

## Pianos
A piano has eighty-eight keys; each moves a small hammer that hits strings of steel.
Pedals let the sound go on after the key is free.

## Bicycles
A bicycle has two wheels, pedals and a chain that drives the one behind.
Nobody falls off while it is rolling fast enough, )"
                             R"(because steering brings the wheels back under the rider.

## Trains
A train runs on rails of steel, which take little force to roll on.
So one engine moves a hundred wagons, but it needs a kilometre to stop.

## Umbrellas
An umbrella keeps the rain off.
Its ribs of steel stretch a cloth when the slider is pushed up the stick.

## 김치
김치는 배추를 소금에 절이고 고춧가루, 마늘, 생강으로 양념하여 익힌 음식이다.
항아리에 담아 서늘한 곳에 두면 젖산균이 신맛을 만든다.

## 한글
한글은 세종대왕이 만든 글자이다.
자음의 모양은 소리를 낼 때의 혀와 입을 본떴다.
)"};
  return book;
}

const std::vector<TestQuestion>& small_questions() {
  const std::string file = "small_book.md";
  static const std::vector<TestQuestion> questions = {
      {Question("What is pizza?"), {{file, "Pizza"}}},
      {Question("Which flour dough needs yeast?"), {{file, "Bread"}}},
      {Question("How hot should the water for green tea be?"), {{file, "Tea"}}},
      {Question("Why can I not fall asleep after an espresso?"), {{file, "Coffee"}}},
      {Question("Which pets protect a home?"), {{file, "Dogs"}}},
      {Question("Do kittens see in the dark?"), {{file, "Cats"}}},
      {Question("Which animals does a jockey sit on?"), {{file, "Horses"}}},
      {Question("Why do we always see the same side of the Moon?"), {{file, "The Moon"}}},
      {Question("Which planet is red?"), {{file, "Mars"}}},
      {Question("Where do light and warmth come from?"), {{file, "The Sun"}}},
      {Question("Which instrument is played with a bow?"), {{file, "Violins"}}},
      {Question("How does a keyboard instrument make music?"), {{file, "Pianos"}}},
      {Question("Why does a cyclist not fall over?"), {{file, "Bicycles"}}},
      {Question("How long is the way a locomotive needs to stop?"), {{file, "Trains"}}},
      {Question("What do I need on a wet day?"), {{file, "Umbrellas"}}},
      {Question("김치의 신맛은 어디에서 오나요?"), {{file, "김치"}}},
      {Question("한글을 만든 사람은 누구인가요?"), {{file, "한글"}}},
      {Question("자음은 무엇을 본떠 만들었나요?"), {{file, "한글"}}},
  };
  return questions;
}

}  // namespace rag
