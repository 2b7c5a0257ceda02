// Package baseline reads and writes lists of known findings, and leaves them out of later
// checks.
package baseline

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/tekwright/tekwright/internal/fingerprint"
	"github.com/tekwright/tekwright/internal/printable"
	"github.com/tekwright/tekwright/pkg/diag"
)

// MaxSize is the maximum size of a baseline, in bytes.
const MaxSize = 64 << 20

// MaxFindings is the maximum number of findings in a baseline.
const MaxFindings = 1_000_000

// version is that of the format and of the fingerprints.
const version = 2

// Entry is one or several known findings with the same fingerprint in one file, or a mistake
// that is reported once for all files.
type Entry struct {
	File        string `json:"file"`              // "" for all files
	Object      string `json:"object"`            // for people: Task/greet
	Subject     string `json:"subject,omitempty"` // for people, if it is for all files: an image
	Code        string `json:"code"`
	Count       int    `json:"count"`
	Fingerprint string `json:"fingerprint"`
}

// Of returns the sorted entries for findings with their fingerprints. Hide returns a text
// without the values of Secrets.
func Of(findings diag.Findings, prints []fingerprint.Print, hide func(string) string) []Entry {
	type key struct{ file, same string }
	at := map[key]int{}
	var all []Entry
	for i, f := range findings {
		k := key{prints[i].File, prints[i].Same}
		n, ok := at[k]
		if !ok {
			n = len(all)
			at[k] = n
			e := Entry{File: k.file, Object: hide(Name(f.Object)), Code: f.Code, Fingerprint: k.same}
			if f.Once != "" {
				e.Object, e.Subject = "", hide(f.Subject) // the first place may be another one soon
			}
			all = append(all, e)
		}
		if f.Once == "" || all[n].Count == 0 { // the settings of files may split it
			all[n].Count++
		}
	}
	slices.SortFunc(all, func(a, b Entry) int {
		return cmp.Or(strings.Compare(a.File, b.File), strings.Compare(a.Object, b.Object), strings.Compare(a.Code, b.Code),
			strings.Compare(a.Subject, b.Subject), strings.Compare(a.Fingerprint, b.Fingerprint))
	})
	return all
}

// Name returns the short name of an object that entries have, "" if there is none.
func Name(o diag.ObjectRef) string {
	var parts []string
	for _, p := range []string{o.Kind, o.Namespace, o.Name} {
		if p != "" {
			parts = append(parts, p)
		}
	}
	return strings.Join(parts, "/")
}

// Prints returns the fingerprints of the known findings, one for each.
func Prints(entries []Entry) []fingerprint.Print {
	var all []fingerprint.Print
	for _, e := range entries {
		for range e.Count {
			all = append(all, fingerprint.Print{Same: e.Fingerprint, File: e.File, Object: e.Object})
		}
	}
	return all
}

// Encode returns a baseline as JSON with one line for each entry, so that a diff shows what
// has changed.
func Encode(entries []Entry) ([]byte, error) {
	all := 0
	for _, e := range entries {
		all += e.Count
	}
	if all > MaxFindings {
		return nil, fmt.Errorf("there are more than %d findings", MaxFindings)
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "{\n  \"version\": %d,\n  \"findings\": [", version)
	for i, e := range entries {
		separator := ",\n    "
		if i == 0 {
			separator = "\n    "
		}
		b.WriteString(separator)
		if err := printable.WriteJSON(&b, e, false); err != nil {
			return nil, err
		}
		b.Truncate(b.Len() - 1) // the line break
	}
	if len(entries) > 0 {
		b.WriteString("\n  ")
	}
	b.WriteString("]\n}\n")
	return b.Bytes(), nil
}

// Decode parses a baseline.
func Decode(text []byte) ([]Entry, error) {
	if len(text) > MaxSize {
		return nil, fmt.Errorf("larger than %d MiB", MaxSize>>20)
	}
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	var head struct{ Version *int }
	if err := json.Unmarshal(text, &head); err != nil {
		return nil, placed(text, err)
	}
	switch {
	case head.Version == nil:
		return nil, errors.New("it has no version, so it is not a baseline")
	case *head.Version != version:
		return nil, fmt.Errorf("its version %d is not supported, only version %d\n  help: use the tekwright that wrote it, or write it again with --write-baseline", *head.Version, version)
	}
	var file struct {
		Version  int     `json:"version"`
		Findings []Entry `json:"findings"`
	}
	strict := json.NewDecoder(bytes.NewReader(text))
	strict.DisallowUnknownFields()
	if err := strict.Decode(&file); err != nil {
		return nil, placed(text, err)
	}
	all := 0
	for i, e := range file.Findings {
		switch {
		case !isPrint().MatchString(e.Fingerprint):
			return nil, fmt.Errorf("finding %d has no valid fingerprint", i+1)
		case e.Count < 1:
			return nil, fmt.Errorf("the count of finding %d is not positive", i+1)
		case e.Count > MaxFindings-all:
			return nil, fmt.Errorf("it has more than %d findings", MaxFindings)
		}
		all += e.Count
	}
	return file.Findings, nil
}

// IsReplaceable reports whether a file with the text may be replaced by a baseline: it is one,
// of whatever version and perhaps with conflicts of a merge, or empty.
func IsReplaceable(text []byte) bool {
	text = bytes.TrimSpace(bytes.TrimPrefix(text, []byte("\ufeff")))
	return len(text) == 0 || bytes.Contains(text, []byte(`"version"`)) && bytes.Contains(text, []byte(`"findings"`))
}

var isPrint = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[0-9a-f]{32}$`) })

// placed adds the line to an error about JSON.
func placed(text []byte, err error) error {
	var syntax *json.SyntaxError
	var typed *json.UnmarshalTypeError
	at := int64(-1)
	switch {
	case errors.As(err, &syntax):
		at = syntax.Offset
	case errors.As(err, &typed):
		at = typed.Offset
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		at = int64(len(text))
	}
	message := strings.TrimPrefix(err.Error(), "json: ")
	if at < 0 || at > int64(len(text)) {
		return errors.New(message)
	}
	return fmt.Errorf("line %d: %s", 1+bytes.Count(text[:at], []byte("\n")), message)
}
