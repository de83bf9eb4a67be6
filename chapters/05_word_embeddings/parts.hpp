#pragma once
/// @file
/// A part of the lesson that main.cpp calls.

namespace embeddings {

/// Part 3: the four words through the network with the weights of the lecture's picture.
void the_picture();

}  // namespace embeddings
