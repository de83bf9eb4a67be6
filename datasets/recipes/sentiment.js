// 3,000 labelled sentences: label (0 negative, 1 positive) TAB source TAB sentence.  node sentiment.js PACKAGE_FOLDER > sentiment.tsv
const fs = require('fs');
const folder = process.argv[2] + '/test/fixtures/';
for (const source of ['imdb', 'amazon', 'yelp'])
  for (const entry of JSON.parse(fs.readFileSync(folder + source + '.json', 'utf8')))
    if (entry.class !== undefined && entry.class !== null)  // the last entry of each file is empty
      fs.writeSync(1, [entry.class, source, entry.text.split(/[\s\x85]+/u).filter(Boolean).join(' ')].join('\t') + '\n');
