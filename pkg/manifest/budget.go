package manifest

import (
	"cmp"
	"fmt"
	"strconv"

	"github.com/tekwright/tekwright/internal/yamlread"
	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/diag"
)

// The default limits of [Load].
const (
	defaultBytes  = 256 << 20
	defaultValues = 6_000_000
)

// Limits bounds the memory and the time that reading may take, whatever the files
// contain. What exceeds a limit is not read, and a finding check-limit says so.
type Limits struct {
	// Bytes is the maximum size of all files together. 0 means 256 MiB.
	Bytes int64
	// Values is the maximum number of values in all files together. It is estimated
	// before they are parsed. A value takes up to 400 bytes of memory. 0 means
	// 6,000,000. What aliases add has a limit of its own, 32 MiB and the size of the files.
	Values int
	// Findings is the maximum number of findings. 0 means that of a
	// [check.Profile].
	Findings int
}

// budget is what is left of the limits. Files are counted in their order, so that the
// same ones are read in each run.
type budget struct {
	Limits
	bytes  int64
	values int
	growth int64 // of what aliases may add
}

func (l Limits) budget() *budget {
	l.Bytes, l.Values = cmp.Or(l.Bytes, defaultBytes), cmp.Or(l.Values, defaultValues)
	l.Findings = l.findings()
	return &budget{l, l.Bytes, l.Values, yamlread.FreeGrowth}
}

func (l Limits) findings() int { return (&check.Profile{MaxFindings: l.Findings}).FindingLimit() }

// take takes the text of a file out of the budget. It returns the limit that the text
// exceeds, "" if none.
func (b *budget) take(text string) (exceeded string) {
	b.bytes -= int64(len(text))
	if b.bytes < 0 {
		return "the files are larger than " + size(b.Bytes) + " together"
	}
	b.values -= yamlread.Signs(text, b.values)
	if b.values < 0 {
		return "the files have more than " + strconv.Itoa(b.Values) + " values together"
	}
	return ""
}

// growthLimit is why reading stops when aliases add too much.
var growthLimit = "aliases expand the files by more than " + size(yamlread.FreeGrowth) + " together"

// grow takes what aliases have added to a file out of the budget. They may also add the
// size of the files.
func (b *budget) grow(l loading) { b.growth += int64(l.size) - l.grown }

// mayGrow returns how much aliases may add to the files that have been taken.
func (b *budget) mayGrow() int64 { return yamlread.FreeGrowth + b.Bytes - b.bytes }

// size returns a number of bytes for people.
func size(n int64) string {
	if n >= 1<<20 && n%(1<<20) == 0 {
		return strconv.FormatInt(n>>20, 10) + " MiB"
	}
	return strconv.FormatInt(n, 10) + " bytes"
}

// stopped returns the finding that says that reading has stopped at a file, and how
// many files have not been read, at the end of all.
func stopped(name, why string, files int) diag.Finding {
	help := "check fewer files at once, or raise the limit"
	if why == growthLimit {
		help = "check fewer files at once, or use fewer aliases"
	}
	left := fmt.Sprintf("; %d files have not been read", files)
	switch files {
	case 0:
		left = ""
	case 1:
		left = "; 1 file has not been read"
	}
	return diag.Finding{Code: "check-limit", Severity: diag.Error, Position: diag.Position{File: name}, Subject: name,
		Message: why + left, Help: help}
}

// tooMany is why reading stops when there are too many findings.
func tooMany(most int) string { return "there are more than " + strconv.Itoa(most) + " findings" }
