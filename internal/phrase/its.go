package phrase

import "strings"

// Its shortens the label of a part in a sentence about its owner: if the owner is
// task "a", then the taskSpec of task "a" becomes "its taskSpec". Other labels are
// returned unchanged.
func Its(owner, part string) string {
	if name, ok := strings.CutSuffix(part, " of "+owner); ok {
		return "its " + strings.TrimPrefix(name, "the ")
	}
	return part
}
