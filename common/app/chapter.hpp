#pragma once
/// @file
/// Appliance, app. All that a chapter's main uses: options, console, agreement, figures.
#include "common/app/arrays.hpp"
#include "common/app/console.hpp"
#include "common/app/figures.hpp"
#include "common/app/options.hpp"
