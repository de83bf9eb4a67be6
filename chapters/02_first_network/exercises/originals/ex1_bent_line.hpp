// Exercise 02.1: Predict the dosage network between its points
//
// The trained network of notes 000 § 28 was shown three doses: 0, 0.5 and 1.
// What does it say in between? With pencil and calculator:
//   to top ReLU = 1.7 dose - 0.85, to bottom ReLU = 12.6 dose
//   to final ReLU = -40.8 relu(to top ReLU) + 2.7 relu(to bottom ReLU) - 16
//   output = relu(to final ReLU)
// Predict its output at two doses on either side of 0.5, to 0.01.
// Then the third: from which dose above 0.5 on is the output 0 again? To 0.001.
// (The middle of 0.5 and 1 is a good guess, and wrong.)
#pragma once

namespace byhand::exercise {

inline constexpr double output_at_048 = 0;   // TODO: the output at dose 0.48
inline constexpr double output_at_051 = 0;   // TODO: the output at dose 0.51
inline constexpr double dose_of_return = 0;  // TODO: the dose above 0.5 where the output is 0 again

}  // namespace byhand::exercise
