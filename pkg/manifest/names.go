package manifest

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/tekwright/tekwright/internal/callsite"
)

// longName is the length above which a file name is truncated and gets a hash.
const longName = 200

// file is one file of a folder.
type file struct {
	name    string
	text    []byte
	unnamed string // an object in it without a name, or ""
}

// files assigns each document to a file: <kind>-<name>.yaml in lower case. If several
// would have the same name, their namespaces are added after an underscore, or a hash
// of their identity if the namespaces do not differ.
func (l Layout) files(docs []document, at callsite.Place) ([]file, error) {
	out, docs, err := l.grouped(docs, at)
	if err != nil {
		return nil, err
	}
	taken := map[string]bool{kustomizationFile: true, declaredFile: true}
	for _, f := range out {
		if taken[f.name] {
			return nil, fmt.Errorf("the group name %q is reserved; use another name", strings.TrimSuffix(f.name, ".yaml"))
		}
		taken[f.name] = true
	}
	for i, name := range fileNames(docs) {
		d := docs[i]
		name += ".yaml"
		if taken[name] {
			return nil, fmt.Errorf("two files would have the name %q; rename %s or its group", name, d.ref)
		}
		taken[name] = true
		f := file{name: name, text: append([]byte(header), d.text...)}
		if d.generate != "" {
			f.unnamed = d.ref.String()
		}
		out = append(out, f)
	}
	return out, nil
}

// fileNames returns the names of the files for the documents, without the extension.
func fileNames(docs []document) []string {
	byBase := map[string][]int{}
	for i, d := range docs {
		b := base(d.item)
		byBase[b] = append(byBase[b], i)
	}
	out := make([]string, len(docs))
	for i, d := range docs {
		b := base(d.item)
		out[i] = b
		if group := byBase[b]; len(group) > 1 || len(b) > longName {
			out[i] = apart(docs, group, i, b)
		}
	}
	return out
}

// base returns the name of the object's file without the extension.
func base(it *item) string {
	return clean(it.kind.Kind) + "-" + strings.TrimRight(clean(it.ref.Name), "-")
}

// groupName returns the name of the file of a group without the extension.
func groupName(group string) string {
	name := clean(group)
	// Windows takes such a name for a device, whatever follows the first dot. The
	// names of other groups have no underscore.
	if first, rest, _ := strings.Cut(name+".", "."); device(first) {
		name = strings.TrimSuffix(first+"_."+rest, ".")
	}
	if len(name) > longName {
		sum := sha256.Sum256([]byte(name))
		name = name[:longName] + "_" + hex.EncodeToString(sum[:5])
	}
	return name
}

// device reports whether Windows has a device of this name.
func device(name string) bool {
	switch name {
	case "con", "prn", "aux", "nul":
		return true
	}
	port, ok := strings.CutPrefix(name, "com")
	if !ok {
		port, ok = strings.CutPrefix(name, "lpt")
	}
	return ok && len(port) == 1 && port[0] >= '0' && port[0] <= '9'
}

// clean replaces characters that are not allowed in Kubernetes names by dashes.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '.' || r == '-' {
			return r
		}
		return '-'
	}, strings.ToLower(s))
}

// apart returns a unique name for one of several documents with the same base name.
func apart(docs []document, group []int, i int, base string) string {
	alone := len(base) <= longName
	for _, j := range group {
		alone = alone && (j == i || docs[j].ref.Namespace != docs[i].ref.Namespace)
	}
	d := docs[i]
	switch {
	case alone && d.ref.Namespace == "":
		return base
	case alone:
		return base + "_" + clean(d.ref.Namespace)
	}
	id := []string{d.kind.Group, d.kind.Kind, d.ref.Namespace, d.ref.Name}
	if d.generate != "" {
		id = append(id, string(d.text)) // there may be several of one prefix
	}
	sum := sha256.Sum256([]byte(strings.Join(id, "\x00")))
	return base[:min(len(base), longName)] + "_" + hex.EncodeToString(sum[:5])
}
