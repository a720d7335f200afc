// Prints the word lists of the npm package @faker-js/faker (MIT licence) as JSON, by list and locale.
//
//   npm pack @faker-js/faker && tar xzf faker-js-faker-*.tgz
//   node winnow/training/identity/faker_js.mjs package/dist/index.js > faker_js.json
//   python -m winnow.training.identity.generator_words faker_js.json

import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const { allLocales } = await import(pathToFileURL(resolve(process.argv[2])).href);

// Lists are plain, divided by sex, or weighted: { value, weight }.
function words(list) {
  if (list === undefined || list === null) return [];
  const values = Array.isArray(list) ? list : Object.values(list).flatMap(words);
  return [...new Set(values.map((entry) => entry.value ?? entry).filter((entry) => typeof entry === "string"))].sort();
}

function byLocale(pick) {
  const lists = Object.entries(allLocales).map(([locale, data]) => [`js_${locale}`, words(pick(data))]);
  return Object.fromEntries(lists.filter(([, list]) => list.length > 0));
}

const english = allLocales.en;
const lists = {
  first: byLocale((data) => data.person?.first_name),
  last: byLocale((data) => data.person?.last_name),
  legal: byLocale((data) => data.company?.legal_entity_type),
  lorem: byLocale((data) => data.lorem?.word),
  title_descriptor: byLocale((data) => data.person?.job_descriptor),
  title_area: byLocale((data) => data.person?.job_area),
  title_type: byLocale((data) => data.person?.job_type),
  free_mail: byLocale((data) => data.internet?.free_email),
  city_prefix: byLocale((data) => data.location?.city_prefix),
  city_suffix: byLocale((data) => data.location?.city_suffix),
  street_suffix: byLocale((data) => data.location?.street_suffix),
  slogan: {
    one: words(english.company.adjective),
    two: words(english.company.descriptor),
    three: words(english.company.noun),
  },
  buzz: {
    one: words(english.company.buzz_verb),
    two: words(english.company.buzz_adjective),
    three: words(english.company.buzz_noun),
  },
  domain: { one: words(english.word.adjective), two: words(english.word.noun) },
  bio: { part: words(english.person.bio_part), supporter: words(english.person.bio_supporter) },
};

console.log(JSON.stringify(lists));
