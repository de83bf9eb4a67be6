#pragma once
/// @file
/// Appliance, io. JSON files, read with care; nlohmann/json.hpp is what they become.
#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace byhand::io {

/// Reads a JSON file. Error that names file, line and column when it is not JSON; error when a key appears twice in one object or
/// when lists and objects lie more than 100 deep inside each other.
nlohmann::json read_json(const std::filesystem::path& file);

/// The same from text; `where` stands in front of every error message.
nlohmann::json parse_json(std::string_view text, const std::string& where);

/// The entry `key` of an object. Error that lists the keys there are. `where` names the object in the message: "golden.json: inputs".
const nlohmann::json& member(const nlohmann::json& object, const std::string& key, const std::string& where);

}  // namespace byhand::io
