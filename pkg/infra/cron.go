package infra

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// cronField is a field of a cron expression.
type cronField struct {
	low, high int
	names     []string // of the values from low on
}

var cronFields = []cronField{
	{0, 59, nil}, {0, 23, nil}, {1, 31, nil},
	{1, 12, []string{"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"}},
	{0, 6, []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}},
}

// zoneAreas are the first parts of all names of time zones that have several.
var zoneAreas = []string{
	"Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Brazil", "Canada", "Chile", "Etc", "Europe",
	"Indian", "Mexico", "Pacific", "SystemV", "US", "posix", "right",
}

// mayBeZone reports whether the cluster may know a time zone. It reads the zones of its own
// machine, so only the area is checked.
func mayBeZone(name string) bool {
	if name == "" || strings.EqualFold(name, "local") || strings.ContainsAny(name, " \\") {
		return false
	}
	area, rest, ok := strings.Cut(name, "/")
	return !ok || rest != "" && slices.Contains(zoneAreas, area)
}

var cronNames = []string{"@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"}

// isCron reports whether a CronJob may have the schedule: five fields, or a name. It accepts
// what the parser of Kubernetes does, except for a list without a value, which never happens;
// test/pods compares them. That parser, github.com/robfig/cron, is not called here: it panics
// for some texts, and reads time zones from the machine.
func isCron(s string) bool {
	if every, ok := strings.CutPrefix(s, "@every "); ok {
		_, err := time.ParseDuration(every)
		return err == nil
	}
	if slices.Contains(cronNames, s) {
		return true
	}
	fields := strings.Fields(s)
	if len(fields) != len(cronFields) {
		return false
	}
	for i, f := range fields {
		parts := strings.FieldsFunc(f, func(r rune) bool { return r == ',' })
		if len(parts) == 0 || slices.ContainsFunc(parts, func(p string) bool { return !cronFields[i].has(p) }) {
			return false
		}
	}
	return true
}

// has reports whether a value, a range, or one of them with a step, is valid.
func (f cronField) has(part string) bool {
	part, step, stepped := strings.Cut(part, "/")
	if n, err := strconv.Atoi(step); stepped && (err != nil || n < 1) {
		return false
	}
	from, to, isRange := strings.Cut(part, "-")
	if from == "*" || from == "?" {
		return !strings.Contains(to, "-")
	}
	low, ok := f.value(from)
	if !ok || !isRange {
		return ok
	}
	high, ok := f.value(to)
	return ok && low <= high
}

func (f cronField) value(s string) (int, bool) {
	if i := slices.Index(f.names, strings.ToLower(s)); i >= 0 {
		return f.low + i, true
	}
	n, err := strconv.Atoi(s)
	return n, err == nil && n >= f.low && n <= f.high
}
