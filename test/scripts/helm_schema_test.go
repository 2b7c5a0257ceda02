package scripts

import (
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestHelmSchemas: a schema that refers to a file makes helm open it, so the values are
// validated only against schemas that refer to nothing else.
func TestHelmSchemas(t *testing.T) {
	t.Parallel()
	secret := write(t, t.TempDir(), map[string]string{"deny.json": "false", "text": "secret"})
	file := "file://" + filepath.ToSlash(secret) + "/deny.json"
	remote := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(`{"$ref": "` + file + `"}`))
	}))
	defer remote.Close()
	path := needHelm(t)
	packed := func(t *testing.T, files map[string]string) string {
		dir, to := write(t, t.TempDir(), files), t.TempDir()
		out, err := exec.Command(filepath.Join(path, "helm"), "package", dir, "-d", to).CombinedOutput()
		require.NoError(t, err, "%s", out)
		found, err := filepath.Glob(filepath.Join(to, "*.tgz"))
		require.NoError(t, err)
		require.Len(t, found, 1)
		text, err := os.ReadFile(found[0])
		require.NoError(t, err)
		return string(text)
	}
	one := func(schema string) map[string]string {
		return map[string]string{"charts/app/values.schema.json": schema}
	}
	sub := func(schema string) map[string]string {
		return map[string]string{"Chart.yaml": "apiVersion: v2\nname: lib\nversion: 1.0.0\n", "values.schema.json": schema, "values.yaml": "a: 1\n"}
	}
	refer := `{"$ref": "` + file + `"}`
	// helm reads these, and gzip does not
	marked := "\xef\xbb\xbf" + packed(t, sub(refer))
	flagged := []byte(packed(t, sub(refer)))
	flagged[3] |= 0x40
	for name, c := range map[string]struct {
		files   map[string]string
		chart   string
		links   map[string]string
		pipe    string
		refused string // by helm
		skipped bool
	}{
		"file":               {files: one(refer), skipped: true},
		"text":               {files: one(strings.Replace(refer, "deny.json", "text", 1)), skipped: true},
		"capitals":           {files: one(strings.Replace(refer, "file:", "FILE:", 1)), skipped: true},
		"a path":             {files: one(`{"$ref": "` + strings.TrimPrefix(file, "file:///") + `"}`), skipped: true},
		"an absolute path":   {files: one(`{"$ref": "` + strings.TrimPrefix(file, "file://") + `"}`), skipped: true},
		"an escaped key":     {files: one(strings.Replace(refer, "$ref", `\u0024re\u0066`, 1)), skipped: true},
		"an escaped value":   {files: one(strings.ReplaceAll(refer, "/", `\/`)), skipped: true},
		"after a quote":      {files: one(`{"title": "a\"", "x\\": 1, "description": "\\\"", "allOf": [` + refer + `]}`), skipped: true},
		"lines":              {files: one(strings.Replace(refer, ": ", "\r\n\t:\n", 1)), skipped: true},
		"deep":               {files: one(`{"properties": {"word": {"anyOf": [` + refer + `]}}}`), skipped: true},
		"an id":              {files: one(`{"$id": "` + strings.TrimSuffix(file, "deny.json") + `x", "$ref": "deny.json"}`), skipped: true},
		"dynamic":            {files: one(`{"$dynamicRef": "` + file + `"}`), skipped: true},
		"recursive":          {files: one(`{"$schema": "https://json-schema.org/draft/2019-09/schema", "$recursiveRef": "` + file + `"}`), skipped: true},
		"a metaschema":       {files: one(`{"$schema": "` + file + `"}`), skipped: true},
		"by a server":        {files: one(`{"$ref": "` + remote.URL + `"}`), skipped: true},
		"in a subchart":      {files: map[string]string{"charts/app/charts/lib/Chart.yaml": sub("")["Chart.yaml"], "charts/app/charts/lib/values.schema.json": refer, "charts/app/charts/lib/values.yaml": "a: 1\n"}, skipped: true},
		"in an archive":      {files: map[string]string{"charts/app/charts/lib-1.0.0.tgz": packed(t, sub(refer))}, skipped: true},
		"behind a mark":      {files: map[string]string{"charts/app/charts/lib-1.0.0.tgz": marked}, skipped: true},
		"with a new flag":    {files: map[string]string{"lib.tgz": string(flagged)}, chart: "lib.tgz", skipped: true},
		"a flag inside":      {files: map[string]string{"charts/app/charts/lib-1.0.0.tgz": string(flagged)}, skipped: true},
		"an archive":         {files: map[string]string{"lib.tgz": packed(t, sub(refer))}, chart: "lib.tgz", skipped: true},
		"in the second":      {files: map[string]string{"outer.tgz": packed(t, map[string]string{"Chart.yaml": "apiVersion: v2\nname: outer\nversion: 1.0.0\n", "values.yaml": "lib: {a: 1}\n", "charts/lib-1.0.0.tgz": packed(t, sub(refer))})}, chart: "outer.tgz", skipped: true},
		"an archive alone":   {files: map[string]string{"charts/app/charts/lib-1.0.0.tgz": packed(t, map[string]string{"Chart.yaml": sub("")["Chart.yaml"]}), "charts/app/values.schema.json": "false"}, refused: "false schema"},
		"valid":              {files: one(`{"$schema": "http://json-schema.org/draft-07/schema#", "properties": {"word": {"$ref": "#/definitions/word"}}, "definitions": {"word": {"type": "string"}}}`)},
		"invalid":            {files: one(`{"$schema": "https://json-schema.org/draft/2020-12/schema", "properties": {"word": {"$ref": "#/$defs/word"}}, "$defs": {"word": {"type": "number"}}}`), refused: "want number"},
		"a property":         {files: one(`{"properties": {"$ref": {"type": "string"}, "$schema": {"type": "string"}, "word": {"type": "number", "description": "$ref"}}}`), refused: "want number"},
		"a list":             {files: one(`{"properties": {"word": {"type": "number"}}, "required": ["$ref", "word"]}`), refused: "want number"},
		"behind a link":      {files: map[string]string{"shared.json": refer}, links: map[string]string{"charts/app/values.schema.json": "../../shared.json"}, skipped: true},
		"in a linked chart":  {files: map[string]string{"charts/app/charts/.keep": "", "lib/Chart.yaml": sub("")["Chart.yaml"], "lib/values.yaml": "a: 1\n", "lib/values.schema.json": refer}, links: map[string]string{"charts/app/charts/lib": "../../../lib"}, skipped: true},
		"circles":            {files: map[string]string{"far/x/y": "", "charts/app/values.schema.json": "false"}, links: map[string]string{"charts/app/files": "../../far", "far/a": ".", "far/b": ".", "far/x/c": "..", "far/x/d": "../.."}, refused: "too many"},
		"a pipe":             {files: map[string]string{"charts/app/charts/.keep": ""}, pipe: "charts/app/charts/lib-1.0.0.tgz", refused: "irregular file"},
		"a schema by a pipe": {pipe: "charts/app/values.schema.json", refused: "irregular file"},
		"a file to install":  {files: map[string]string{"charts/app/files/schema.json": refer, "charts/app/values.schema.json": "false"}, refused: "false schema"},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRelease(t)
			write(t, r.source, c.files)
			for at, to := range c.links {
				require.NoError(t, os.Symlink(to, filepath.Join(r.source, at)))
			}
			if c.pipe != "" {
				require.NoError(t, syscall.Mkfifo(filepath.Join(r.source, c.pipe), 0o600))
			}
			params := map[string]string{"chart": "charts/app", "release": "app", "namespace": "prod", "timeout": "5s"}
			if c.chart != "" {
				params["chart"] = c.chart
			}
			got := r.deployWith(params)
			if c.refused != "" {
				got.refused(t, "helm-deploy", c.refused)
				return
			}
			got.ok(t)
			if c.skipped {
				assert.Contains(t, got.stderr, "helm-deploy: the values are not validated: a schema of chart '"+params["chart"]+"' may refer to other files\n")
			} else {
				assert.NotContains(t, got.stderr, "validated")
			}
		})
	}
}
