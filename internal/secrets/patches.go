package secrets

import (
	"strings"

	"github.com/tekwright/tekwright/internal/yamlread"
)

// isPatch reports whether a text in a field is a patch of kustomize in a kustomization.
func isPatch(key, text string) bool {
	return (key == "patch" || key == "patchesStrategicMerge") && strings.ContainsAny(text, "\n{[")
}

// patch hides in a patch what it would hide in a file with the patch. A patch in a patch is
// not looked at.
func (f *finder) patch(n *yamlread.Node) {
	r := NewReader(n.Text)
	r.nested, r.stop, r.all.stop = true, f.out.stop, f.out.stop
	for d := range yamlread.Documents(n.Text) {
		r.Document(d)
	}
	parts := map[string]bool{}
	for _, at := range r.Parts().Ranges {
		for line := range strings.SplitSeq(n.Text[at[0]:at[1]], "\n") { // they are indented
			if line = strings.TrimSpace(line); line != "" {
				parts[line] = true
			}
		}
	}
	f.hideAll(parts, n)
}

// operation hides the value that an operation of a JSON patch writes into the data of a
// Secret, or of a ConfigMap, which looks the same.
func (f *finder) operation(n *yamlread.Node) {
	path, i := n.Get("path"), n.Index("value")
	if i < 0 || path == nil || n.Index("op") < 0 {
		return
	}
	for _, field := range []string{"/data", "/stringData"} {
		if rest, ok := strings.CutPrefix(path.Text, field); ok && (rest == "" || rest[0] == '/') {
			f.values(n, i)
		}
	}
}
