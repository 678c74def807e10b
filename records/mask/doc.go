// Package mask takes personal data out of what people and programs read: reports, logs, exports. It knows the Chinese forms: mobile and landline numbers, resident
// identity numbers with their check digit, bank cards, names with compound surnames, addresses.
//
// [Value] masks a value whose class is known; [Text] finds numbers and addresses in free text. A [Policy] says which key has which class, masks whole entries, and wraps a
// slog.Handler.
//
//	log := slog.New(mask.New(mask.Usual()).Handler(slog.NewJSONHandler(os.Stderr, nil)))
//	log.Info("called back", "phone", "13800138000", "note", "id 11010519491231002X") // 138****8000, 1****************X
//
// # What it promises
//
// What does not look like its class is masked altogether, so that a typing error does not lay a value open. In the output of Text, Value and Policy no seven digits follow one another,
// also across blanks, dashes, dots, brackets and invisible characters (three at most between two digits, invisible ones without limit), in whatever script they are written, Chinese numerals included. The exceptions are dates
// with or without a time of day ("2025-03-03 14:30:05"), fields of an entry that are an instant and nothing else, and numbers that are logged as numbers, as [Policy.Handler] says.
//
// Line ends, commas, colons, semicolons and bars stand between numbers more often than within one. Across them only mobile and identity numbers are found, broken in two
// places at most, and only if no further digits stand near: 138001, the end of a line, and 38000 is one; 1,234,567 and columns of figures stay. No input makes it panic, and time is linear in its length.
//
// # What it cannot do
//
// Free text does not tell who is named in it: give Text the names that are known, or keep the text to yourself. Shorter numbers than seven digits stay, such as verification codes.
// Masked is not anonymous: a surname with the last four digits of a number may still say who is meant. Masking is for those who may see that there is a value; [access] decides who
// may see the value.
//
// [access]: https://pkg.go.dev/github.com/servicecharter/charter/records/access
package mask
