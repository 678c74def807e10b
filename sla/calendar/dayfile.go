package calendar

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// FileError tells where a file of days is wrong.
type FileError struct {
	Line  int    // from 1; 0 when the file as a whole is wrong
	Field string // the column or JSON field; empty for the whole line
	Err   error
}

func (e *FileError) Error() string {
	where := "calendar: days"
	if e.Line > 0 {
		where += fmt.Sprintf(": line %d", e.Line)
	}
	if e.Field != "" {
		where += ": " + e.Field
	}
	return where + ": " + strings.TrimPrefix(e.Err.Error(), "calendar: ")
}

func (e *FileError) Unwrap() error { return e.Err }

// maxFile is far more than a century of holidays needs.
const maxFile = 4 << 20

// ReadDaysJSON reads holidays and special days from a JSON object:
//
//	{"published": "2027-12-31",
//	 "days": [
//	  {"date": "2027-01-01", "name": "New Year", "off": true},
//	  {"date": "2027-01-09", "name": "make-up day", "off": false},
//	  {"date": "2027-02-05", "hours": ["09:00-12:00"]}]}
//
// The key days is required, so that a file which names its list otherwise does
// not pass for one without holidays; a file that has none says "days": [].
// What tells of the file itself may stand in the keys title, source, origin,
// meaning, notices, licence, license, comment and $schema and is not read. Any
// other key is refused, also in a day, and so is one of the file that stands
// twice.
//
// Errors are [*FileError], one for each wrong key or day, joined; then no day
// is returned. A file may be up to 4 MiB long. Whether the days agree with each
// other is left to [New].
func ReadDaysJSON(r io.Reader) (Days, error) {
	data, err := readAll(r)
	if err != nil {
		return Days{}, err
	}
	var whole map[string]json.RawMessage
	if err := json.Unmarshal(data, &whole); err != nil {
		line := jsonLine(data, err)
		if kind, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
			err = fmt.Errorf("%w: a JSON %s, want an object with the key \"days\"", ErrSyntax, kind.Value)
		}
		return Days{}, &FileError{Line: line, Err: jsonError(err)}
	}
	f := jsonFile{line: 1, data: data}
	if err := f.object(); err != nil {
		return Days{}, &FileError{Err: jsonError(err)}
	}
	if err := errors.Join(f.errs...); err != nil {
		return Days{}, err
	}
	return f.days, nil
}

// aboutFile are the keys of a JSON file that tell of the file itself.
var aboutFile = []string{"title", "source", "origin", "meaning", "notices", "licence", "license", "comment", "$schema"}

// jsonFile reads one valid JSON object from front to back, and so knows the line of each part.
type jsonFile struct {
	data     []byte
	at, line int // how far lines are counted
	days     Days
	errs     []error
}

// fail notes an error of the part that begins at an offset; offsets never go back.
func (f *jsonFile) fail(offset int, field string, err error) {
	f.line += bytes.Count(f.data[f.at:offset], []byte("\n"))
	f.at = offset
	f.errs = append(f.errs, &FileError{Line: f.line, Field: field, Err: err})
}

func (f *jsonFile) object() error {
	d := json.NewDecoder(bytes.NewReader(f.data))
	if brace, err := d.Token(); err != nil || brace != json.Delim('{') {
		f.fail(0, "", fmt.Errorf("%w: a JSON null, want an object with the key \"days\"", ErrSyntax))
		return err
	}
	seen := map[string]bool{}
	for d.More() {
		token, err := d.Token()
		if err != nil {
			return err
		}
		key, keyEnd := fmt.Sprint(token), int(d.InputOffset())
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return err
		}
		start := int(d.InputOffset()) - len(value)
		name := strings.ToLower(key) // as in a day, in any case
		twice := seen[name]
		seen[name] = true
		switch {
		case twice:
			f.fail(keyEnd, "", fmt.Errorf("%w: key %q stands twice", ErrSyntax, clip(key)))
		case name == "days":
			if err := f.list(start, value); err != nil {
				return err
			}
		case name == "published":
			if err := json.Unmarshal(value, &f.days.Published); err != nil {
				f.fail(start, name, jsonError(err))
			}
		case !slices.Contains(aboutFile, name):
			f.fail(keyEnd, "", fmt.Errorf("%w: unknown key %q, want days, published, or of the file itself %s",
				ErrSyntax, clip(key), strings.Join(aboutFile, ", ")))
		}
	}
	if !seen["days"] {
		f.errs = append(f.errs, &FileError{Err: fmt.Errorf("%w: no key \"days\"; a file without any says \"days\": []", ErrSyntax)})
	}
	return nil
}

// list reads the days, a value that begins at an offset.
func (f *jsonFile) list(start int, value json.RawMessage) error {
	var days []json.RawMessage
	err := json.Unmarshal(value, &days)
	if err == nil && days == nil {
		err = &json.UnmarshalTypeError{Value: "null"}
	}
	if err != nil {
		f.fail(start, "days", jsonError(err))
		return nil
	}
	d := json.NewDecoder(bytes.NewReader(value))
	if _, err := d.Token(); err != nil {
		return err
	}
	for d.More() {
		var raw json.RawMessage
		if err := d.Decode(&raw); err != nil {
			return err
		}
		day, err := readDay(raw)
		if err != nil {
			f.fail(start+int(d.InputOffset())-len(raw), "", err)
			continue
		}
		f.days.Days = append(f.days.Days, day)
	}
	return nil
}

func readDay(raw json.RawMessage) (Day, error) {
	var day dayJSON
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	switch err := d.Decode(&day); {
	case err != nil:
		return Day{}, jsonError(err)
	case day.Date.IsZero():
		return Day{}, fmt.Errorf("%w: no date", ErrDay)
	case day.Off == nil && len(day.Hours) == 0:
		return Day{}, fmt.Errorf("%w: %v says neither off nor hours", ErrDay, day.Date)
	}
	return Day{day.Date, day.Name, day.Off != nil && *day.Off, day.Hours}, nil
}

// jsonError says what a decoding error means for a file of days.
func jsonError(err error) error {
	if kind, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		where := ""
		if kind.Field != "" {
			where = kind.Field + ": "
		}
		return fmt.Errorf("%w: %sa JSON %s does not belong here", ErrSyntax, where, kind.Value)
	}
	if errors.Is(err, ErrDate) || errors.Is(err, ErrSyntax) {
		return err
	}
	return fmt.Errorf("%w: %w", ErrSyntax, err)
}

// jsonLine returns the line a decoding error points to, 0 when it does not say.
func jsonLine(data []byte, err error) int {
	var offset int64
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		offset = syntax.Offset
	} else if kind, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		offset = kind.Offset
	} else {
		return 0
	}
	return 1 + bytes.Count(data[:min(int(offset), len(data))], []byte("\n"))
}

// ReadDaysCSV reads holidays and special days from comma-separated lines:
//
//	date,day,name
//	2027-01-01,off,New Year
//	2027-01-09,on,make-up day
//	2027-02-05,"09:00-12:00,13:00-15:00",short day
//	2027-12-31,published,
//
// The first line names the columns; date and day are required, name is not, in
// any order. Any other column is refused, and so is one that is named twice. In
// day stands off for a holiday, on for a make-up working day, hours of its own
// (quoted when they hold a comma), or published for the last day that the file
// knows. Empty lines and lines that begin with # are skipped, a byte order mark
// too. Errors are [*FileError], one for each wrong column or line, joined; then
// no day is returned. A file may be up to 4 MiB long.
func ReadDaysCSV(r io.Reader) (Days, error) {
	data, err := readAll(r)
	if err != nil {
		return Days{}, err
	}
	lines := csv.NewReader(bufio.NewReader(bytes.NewReader(data)))
	lines.Comment = '#'
	lines.TrimLeadingSpace = true
	lines.FieldsPerRecord = -1
	head, err := lines.Read()
	if err != nil {
		if err == io.EOF {
			err = errors.New("empty, want a line that names the columns date, day and name")
		}
		return Days{}, csvError(err)
	}
	headLine, _ := lines.FieldPos(0)
	columns, errs := csvColumns(head, headLine)
	if len(errs) > 0 {
		return Days{}, errors.Join(errs...)
	}
	var days Days
	for {
		record, err := lines.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			return Days{}, errors.Join(append(errs, csvError(err))...)
		}
		fields := map[string]string{}
		for i, field := range record {
			column := ""
			if i < len(columns) {
				column = columns[i]
			}
			fields[column] += strings.TrimSpace(field)
		}
		if err := days.addLine(fields); err != nil {
			err.Line, _ = lines.FieldPos(0)
			errs = append(errs, err)
		}
	}
	if err := errors.Join(errs...); err != nil {
		return Days{}, err
	}
	return days, nil
}

// csvColumns returns the names of the columns as they are known here.
func csvColumns(head []string, line int) (columns []string, errs []error) {
	fail := func(format string, args ...any) {
		errs = append(errs, &FileError{Line: line, Err: fmt.Errorf("%w: "+format, append([]any{ErrSyntax}, args...)...)})
	}
	for _, given := range head {
		name := strings.ToLower(strings.TrimSpace(given))
		switch {
		case name == "": // spreadsheets write them; a field below is refused
		case name != "date" && name != "day" && name != "name":
			fail("unknown column %q, want date, day and name", clip(given))
		case slices.Contains(columns, name):
			fail("column %q stands twice", name)
		}
		columns = append(columns, name)
	}
	if !slices.Contains(columns, "date") || !slices.Contains(columns, "day") {
		fail("the first line names no columns date and day")
	}
	return columns, errs
}

// addLine adds what a line says, by column; what has no column stands under "".
func (d *Days) addLine(fields map[string]string) *FileError {
	if rest := fields[""]; rest != "" {
		return &FileError{Err: fmt.Errorf("%w: %q stands in no column; hours that hold a comma are quoted", ErrSyntax, clip(rest))}
	}
	day := Day{Name: fields["name"]}
	var err error
	if day.Date, err = ParseDate(fields["date"]); err != nil {
		return &FileError{Field: "date", Err: err}
	}
	what := fields["day"]
	switch strings.ToLower(what) {
	case "off":
		day.Off = true
	case "on":
	case "published":
		if !d.Published.IsZero() {
			return &FileError{Field: "day", Err: fmt.Errorf("%w: published stands twice", ErrSyntax)}
		}
		d.Published = day.Date
		return nil
	default:
		p := weekParser{text: what}
		if day.Hours, err = p.hours(); err != nil || !p.done() {
			err = p.fail("off, on, published, or hours such as 09:00-12:00,13:00-15:00")
			return &FileError{Field: "day", Err: err}
		}
	}
	d.Days = append(d.Days, day)
	return nil
}

func csvError(err error) error {
	line := 0
	if parse, ok := errors.AsType[*csv.ParseError](err); ok {
		line, err = parse.Line, parse.Err
	}
	return &FileError{Line: line, Err: fmt.Errorf("%w: %w", ErrSyntax, err)}
}

// readAll reads a whole file of days, without its byte order mark.
func readAll(r io.Reader) ([]byte, error) {
	if r == nil {
		return nil, &FileError{Err: fmt.Errorf("%w: no reader", ErrSyntax)}
	}
	data, err := io.ReadAll(io.LimitReader(r, maxFile+1))
	if err != nil {
		return nil, &FileError{Err: err}
	}
	if len(data) > maxFile {
		return nil, &FileError{Err: fmt.Errorf("%w: longer than 4 MiB", ErrTooLarge)}
	}
	return bytes.TrimPrefix(data, []byte("\ufeff")), nil
}
