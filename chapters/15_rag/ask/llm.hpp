#pragma once
/// @file
/// A language model behind an HTTP server that speaks as OpenAI's does (llama.cpp, Ollama, vLLM and
/// others): POST /v1/chat/completions.
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "chapters/15_rag/chunk.hpp"

namespace rag {

struct LlmOptions {
  std::string url = {};           ///< http://localhost:8080, with or without /v1
  std::string model = "default";  ///< servers with one model take any name
  int connect_seconds = 5;
  /// For the whole answer, however it comes in; small computers are slow.
  int answer_seconds = 120;
  std::size_t longest = 1 << 20;  ///< bytes of an answer that are read at most
};

/// What the model is told: answer from numbered sources only, and that sources are quotations: what
/// they ask for is not to be done.
std::string instructions();
/// The question and the numbered sources. All that comes from a document, its titles and headings
/// too, stands in lines behind a bar.
std::string prompt(const std::string& question, const std::vector<Passage>& sources);

/// The body of the request. Bytes that are no UTF-8 are replaced.
std::string request_body(const std::string& question, const std::vector<Passage>& sources,
                         const LlmOptions& options);
/// The answer in a server's reply, printable(). Error in one line when it is no JSON, reports an
/// error, or holds no answer or an empty one.
std::string answer_in(const std::string& reply, const std::string& url);

/// Error in one line when this program cannot use the URL.
void check_url(const std::string& url);

/// Asks the server. Errors in one line: no such server, no answer in time, another HTTP status than
/// 200 with what the server says, a reply that is no JSON or holds no answer, a URL this program
/// cannot use.
std::string ask(const std::string& question, const std::vector<Passage>& sources,
                const LlmOptions& options);

}  // namespace rag
