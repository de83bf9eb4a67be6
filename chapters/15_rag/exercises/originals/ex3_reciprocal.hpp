// Exercise 15.3: Find the bug in the mean reciprocal rank
//
// How good is the search of notes 000 § 21.4? Each question is answered in one or several right
// sections, and a retriever has ranked passages for it. What counts is the rank of the first right
// section, from 1; of one section only the best passage has a rank.
// A question is worth 1 / rank, and 0 when none of its right sections is among the first ten. The
// mean is that over all questions; 0 when there are none.
// The function below is wrong in one place: a retriever that finds next to nothing may look
// perfect.
// TODO: mend it.
#pragma once
#include <set>
#include <vector>

namespace byhand::exercise {

struct Ranked {
  /// The section of each passage that was found, best first; a section may come several times.
  std::vector<int> sections;
  std::set<int> right;  ///< where the question is answered
};

inline double mean_reciprocal_rank(const std::vector<Ranked>& questions) {
  double sum = 0;
  int counted = 0;
  for (const Ranked& question : questions) {
    std::set<int> seen;
    for (const int section : question.sections) {
      if (!seen.insert(section).second) continue;  // by a better passage
      if (seen.size() > 10) break;
      if (!question.right.contains(section)) continue;
      sum += 1 / double(seen.size());
      ++counted;
      break;
    }
  }
  return counted == 0 ? 0 : sum / counted;
}

}  // namespace byhand::exercise
