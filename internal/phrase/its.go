package phrase

import "strings"

// Its returns the label of a part for a sentence about its owner: after task "a",
// the taskSpec of task "a" is "its taskSpec". Other labels are returned unchanged.
func Its(owner, part string) string {
	if name, ok := strings.CutSuffix(part, " of "+owner); ok {
		return "its " + strings.TrimPrefix(name, "the ")
	}
	return part
}
