// BERT's 30,522 word pieces, one a line, in WordPiece's writing: ## in front of what continues a word.  node bert-vocab.js PACKAGE_FOLDER
const fs = require('fs');
const start = '\u2581';  // the package marks what begins a word instead
for (const piece of JSON.parse(fs.readFileSync(process.argv[2] + '/assets/vocab.json', 'utf8')))
  fs.writeSync(1, (/^\[.+\]$/s.test(piece) ? piece : piece === start ? '[unused0]' : piece.startsWith(start) ? piece.slice(1) : '##' + piece) + '\n');
