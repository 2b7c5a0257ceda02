package pac

import (
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"

	gogithub "github.com/google/go-github/v85/github"
	bbc "github.com/openshift-pipelines/pipelines-as-code/pkg/provider/bitbucketcloud/types"
	bbd "github.com/openshift-pipelines/pipelines-as-code/pkg/provider/bitbucketdatacenter/types"
	"github.com/openshift-pipelines/pipelines-as-code/pkg/provider/gitea/forgejostructs"
	gitlab "gitlab.com/gitlab-org/api/client-go"
)

// shapeRoots are the types of the payloads.
var shapeRoots = []any{
	gogithub.PushEvent{}, gogithub.PullRequestEvent{}, gogithub.IssueCommentEvent{}, gogithub.CommitCommentEvent{},
	gogithub.CheckRunEvent{}, gogithub.CheckSuiteEvent{}, gogithub.PullRequest{},
	gitlab.MergeEvent{}, gitlab.TagEvent{}, gitlab.PushEvent{}, gitlab.MergeCommentEvent{}, gitlab.CommitCommentEvent{},
	forgejostructs.PushPayload{}, forgejostructs.PullRequestPayload{}, forgejostructs.IssueCommentPayload{},
	bbc.PullRequestEvent{}, bbc.PushRequestEvent{}, bbd.PullRequestEvent{}, bbd.PushRequestEvent{},
}

// shapeSpecial are the types that encode themselves.
var shapeSpecial = map[string]string{
	"time.Time": "time", "github.Timestamp": "stamp", "gitlab.ISOTime": "date", "net.IP": "string",
	"github.TreeEntry": "any",
}

// shapeWriter names the types it has met.
type shapeWriter struct {
	names map[reflect.Type]string
	queue []reflect.Type
}

// writeShapes writes the JSON types of the payloads as Pipelines-as-Code declares them, for
// internal/pacmatch.
func writeShapes(w io.Writer) error {
	x := &shapeWriter{names: map[reflect.Type]string{}}
	for _, r := range shapeRoots {
		x.of(reflect.TypeOf(r))
	}
	var lines []string
	for i := 0; i < len(x.queue); i++ {
		t := x.queue[i]
		var b strings.Builder
		b.WriteString(x.names[t])
		for _, f := range shapeFields(t) {
			name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
			if name == "" {
				name = f.Name
			}
			kind := x.of(f.Type)
			if t == reflect.TypeFor[gitlab.MergeParams]() && f.Type.Kind() == reflect.Bool {
				kind = "lax" // a bool or a string
			}
			b.WriteString(" " + name + ":" + kind)
			for o := range strings.SplitSeq(options, ",") {
				switch o {
				case "omitempty":
					b.WriteString("?")
				case "", "string", "omitzero":
					if o != "" {
						return fmt.Errorf("%s.%s: option %s", t, f.Name, o)
					}
				}
			}
		}
		lines = append(lines, b.String())
	}
	slices.Sort(lines)
	_, err := io.WriteString(w, strings.Join(lines, "\n")+"\n")
	return err
}

// shapeFields returns the fields that encoding/json sees, those of embedded structs last.
func shapeFields(t reflect.Type) []reflect.StructField {
	var out []reflect.StructField
	seen := map[string]bool{}
	var embedded []reflect.Type
	for f := range t.Fields() {
		switch {
		case f.Tag.Get("json") == "-":
		case f.Anonymous && f.Tag.Get("json") == "":
			embedded = append(embedded, f.Type)
		case f.IsExported():
			out = append(out, f)
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			seen[name] = true
		}
	}
	for _, e := range embedded {
		for _, f := range shapeFields(e) {
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			if !seen[name] {
				out = append(out, f)
			}
		}
	}
	return out
}

// of returns how the type of a value is written.
func (x *shapeWriter) of(t reflect.Type) string {
	if s, ok := shapeSpecial[t.String()]; ok {
		return s
	}
	switch t.Kind() {
	case reflect.Pointer:
		return "*" + x.of(t.Elem())
	case reflect.Slice:
		return "[" + x.of(t.Elem())
	case reflect.Map:
		return "{" + x.of(t.Elem())
	case reflect.String:
		return "string"
	case reflect.Bool:
		return "bool"
	case reflect.Int, reflect.Int32, reflect.Int64:
		return t.Kind().String()
	case reflect.Interface:
		return "any"
	case reflect.Struct:
		name, ok := x.names[t]
		if !ok {
			name = strings.NewReplacer(" ", "", "\n", "").Replace(t.String())
			if t.Name() == "" {
				name = fmt.Sprintf("anonymous%d", len(x.names))
			}
			switch pkg := t.PkgPath(); {
			case strings.Contains(pkg, "bitbucketcloud"):
				name = strings.Replace(name, "types.", "cloud.", 1)
			case strings.Contains(pkg, "bitbucketdatacenter"):
				name = strings.Replace(name, "types.", "datacenter.", 1)
			}
			name = strings.Replace(name, "forgejostructs.", "gitea.", 1)
			x.names[t] = name
			x.queue = append(x.queue, t)
		}
		return "@" + name
	}
	panic("kind of " + t.String())
}
