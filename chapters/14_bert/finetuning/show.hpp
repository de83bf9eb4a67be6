#pragma once
/// @file
/// Part 9 of what the program prints: fine-tuning against its rivals.
#include "chapters/14_bert/material.hpp"
#include "chapters/14_bert/settings.hpp"

namespace bert {

/// The three contestants at rising numbers of labels; draws them.
void fine_tuning(const Settings& settings, const Material& material, const Pretrained& trained);

}  // namespace bert
