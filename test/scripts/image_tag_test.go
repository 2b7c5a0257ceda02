package scripts

import (
	"path"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/tasks"
	"github.com/tekwright/tekwright/pkg/tasktest"
)

// tagging is a case of the task image-tag.
func tagging(params map[string]string) tasktest.Case {
	all := tasktest.Params{"image": "registry.example.com:5000/team/app", "commit": "0123abcd", "time": "1714979290"}
	for name, value := range params {
		all[name] = value
	}
	return tasktest.Case{Task: tasktest.Define(builder.Define(tasks.ImageTag{})), Params: all}
}

func TestImageTag(t *testing.T) {
	t.Parallel()
	const stamp = "20240506T070810Z"
	full := strings.Repeat("ab", 20)
	for name, c := range map[string]struct {
		params map[string]string
		want   string
	}{
		"default":        {nil, stamp + "-0123abcd"},
		"timestamp":      {map[string]string{"format": string(tasks.TagTimestamp), "commit": ""}, stamp},
		"commit":         {map[string]string{"format": string(tasks.TagCommit), "commit": full}, full},
		"both":           {map[string]string{"format": string(tasks.TagTimestampCommit), "commit": full}, stamp + "-" + full},
		"the epoch":      {map[string]string{"format": "timestamp", "time": "0"}, "19700101T000000Z"},
		"prefix":         {map[string]string{"prefix": "v1.2_x-y"}, "v1.2_x-y-" + stamp + "-0123abcd"},
		"branch":         {map[string]string{"prefix": "feature//über's $(id)"}, "feature-ber-s-id-" + stamp + "-0123abcd"},
		"ends":           {map[string]string{"prefix": "-./x.--"}, "x-" + stamp + "-0123abcd"},
		"lines":          {map[string]string{"prefix": "a\n\nb\n"}, "a-b-" + stamp + "-0123abcd"},
		"long":           {map[string]string{"prefix": strings.Repeat("p", 300)}, strings.Repeat("p", 128-26) + "-" + stamp + "-0123abcd"},
		"cut at a dash":  {map[string]string{"prefix": strings.Repeat("p", 101) + "/q"}, strings.Repeat("p", 101) + "-" + stamp + "-0123abcd"},
		"of SHA-256":     {map[string]string{"format": "commit", "commit": strings.Repeat("ab", 32), "prefix": strings.Repeat("p", 300)}, strings.Repeat("p", 63) + "-" + strings.Repeat("ab", 32)},
		"of a local one": {map[string]string{"image": "app"}, stamp + "-0123abcd"},
	} {
		t.Run(name, func(t *testing.T) {
			in := tagging(c.params)
			image, _ := in.Params["image"].(string)
			want := map[string]string{"tag": c.want, "reference": image + ":" + c.want}
			assert.LessOrEqual(t, len(c.want), 128)
			assert.Equal(t, want, texts(tasktest.Do(t, in, host()).OK(t)))
			if busybox := applets(t); busybox != "" {
				assert.Equal(t, want, texts(tasktest.Do(t, in, host(busybox)).OK(t)))
			}
		})
	}
	before := time.Now().UTC().Truncate(time.Second)
	got := tasktest.Do(t, tagging(map[string]string{"time": "", "format": "timestamp"}), host()).OK(t)
	at, err := time.Parse("20060102T150405Z", got.Text("tag"))
	require.NoError(t, err)
	assert.WithinRange(t, at, before, time.Now().UTC())
}

func TestImageTagRefuses(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		params map[string]string
		want   string
	}{
		"no image":       {map[string]string{"image": ""}, "image is empty"},
		"a tag":          {map[string]string{"image": "r:5000/app:1"}, "has a tag already"},
		"a digest":       {map[string]string{"image": "app@" + digest}, "is not the name of an image"},
		"an option":      {map[string]string{"image": "--app"}, "is not the name of an image"},
		"no name":        {map[string]string{"image": "r/"}, "is not the name of an image"},
		"no commit":      {map[string]string{"commit": ""}, "commit is empty, but format 'timestamp-commit' requires it"},
		"a branch":       {map[string]string{"commit": "main"}, "commit 'main' is not the hash of a commit"},
		"short commit":   {map[string]string{"commit": "abc"}, "is not the hash of a commit"},
		"long commit":    {map[string]string{"commit": strings.Repeat("a", 65)}, "is not the hash of a commit"},
		"deleted branch": {map[string]string{"commit": strings.Repeat("0", 40)}, "the branch was deleted"},
		"format":         {map[string]string{"format": "date"}, "format is 'date', want timestamp, commit or timestamp-commit"},
		"no format":      {map[string]string{"format": ""}, "format is ''"},
		"time":           {map[string]string{"time": "-1"}, "time is '-1'"},
		"a date":         {map[string]string{"time": "2024-05-06"}, "time is '2024-05-06'"},
		"far time":       {map[string]string{"time": "999999999999"}, "time is '999999999999'"},
		"empty prefix":   {map[string]string{"prefix": "/–/"}, "prefix '/–/' contains no character that is allowed in a tag"},
	} {
		t.Run(name, func(t *testing.T) {
			got := tasktest.Do(t, tagging(c.params), host()).Fails(t, c.want)
			assert.Contains(t, "\n"+got.Stderr(), "\nimage-tag: ")
			assert.Empty(t, got.Results)
		})
	}
}

var word = regexp.MustCompile(`[A-Za-z0-9_]`)

// Whatever is sent, a tag is made that may be one, or none.
func TestImageTagHostile(t *testing.T) {
	t.Parallel()
	for _, param := range []string{"image", "format", "commit", "time", "prefix"} {
		for _, value := range hostile {
			got := tasktest.Do(t, tagging(map[string]string{param: value}), host())
			for name := range got.Files {
				assert.NotEqual(t, "canary", path.Base(name))
			}
			switch {
			case param == "prefix" && (value == "" || word.MatchString(value)), param == "time" && value == "":
				assert.Regexp(t, `^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$`, got.OK(t).Text("tag"))
			default:
				got.Fails(t, param)
				assert.Contains(t, "\n"+got.Stderr(), "\nimage-tag: ")
				assert.Empty(t, got.Results)
			}
		}
	}
}
