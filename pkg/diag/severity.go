package diag

import (
	"fmt"
	"strconv"
)

// Severity says what a finding means for a run. The zero value is not a
// severity.
type Severity int

const (
	// Error: the cluster refuses the object, the run fails, or a $(...) is
	// passed on unreplaced.
	Error Severity = iota + 1
	// Warning: something is ignored or skipped, or it is risky.
	Warning
	// Note: it cannot be known offline.
	Note
)

// Severities returns every severity, the gravest first.
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

// IsValid reports whether s is one of [Severities].
func (s Severity) IsValid() bool { return s >= Error && s <= Note }

// ParseSeverity returns the severity that String writes as text.
func ParseSeverity(text string) (Severity, error) {
	for _, s := range Severities() {
		if text == s.String() {
			return s, nil
		}
	}
	return 0, fmt.Errorf("unknown severity %q: use error, warning or note", text)
}

// MarshalText writes the severity as String does. It fails for a value that is
// not a severity.
func (s Severity) MarshalText() ([]byte, error) {
	if !s.IsValid() {
		return nil, fmt.Errorf("%s is not a severity", s)
	}
	return []byte(s.String()), nil
}

// UnmarshalText reads what MarshalText writes.
func (s *Severity) UnmarshalText(text []byte) (err error) {
	*s, err = ParseSeverity(string(text))
	return err
}
