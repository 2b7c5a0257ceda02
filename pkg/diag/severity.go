package diag

import (
	"errors"
	"fmt"
	"strconv"
)

// Severity is the severity of a finding. The zero value is not valid.
type Severity int

// The severities.
const (
	// Error means that the cluster rejects the object, that the run fails, or
	// that a $(...) is passed on unreplaced.
	Error Severity = iota + 1
	// Warning means that something is ignored, skipped or risky.
	Warning
	// Note means that the problem depends on something not known offline, or is
	// advice.
	Note
)

// Severities returns all severities, the most severe first.
func Severities() []Severity { return []Severity{Error, Warning, Note} }

// String returns "error", "warning" or "note".
func (s Severity) String() string {
	switch s {
	case Error:
		return "error"
	case Warning:
		return "warning"
	case Note:
		return "note"
	}
	return "severity(" + strconv.Itoa(int(s)) + ")"
}

// IsValid reports whether s is Error, Warning or Note.
func (s Severity) IsValid() bool { return s >= Error && s <= Note }

// ParseSeverity parses "error", "warning" or "note".
func ParseSeverity(text string) (Severity, error) {
	for _, s := range Severities() {
		if text == s.String() {
			return s, nil
		}
	}
	return 0, fmt.Errorf("unknown severity %q; use error, warning or note", text)
}

// MarshalText implements [encoding.TextMarshaler] with the text of String. It
// returns an error if s is not valid.
func (s Severity) MarshalText() ([]byte, error) {
	if !s.IsValid() {
		return nil, fmt.Errorf("%s is not a valid severity", s)
	}
	return []byte(s.String()), nil
}

// UnmarshalText implements [encoding.TextUnmarshaler] by calling [ParseSeverity].
func (s *Severity) UnmarshalText(text []byte) (err error) {
	if s == nil {
		return errors.New("cannot unmarshal into a nil *Severity")
	}
	*s, err = ParseSeverity(string(text))
	return err
}
