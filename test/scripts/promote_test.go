package scripts

import (
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/pkg/tasks"
)

func TestImageCopy(t *testing.T) {
	t.Parallel()
	r := recordings(t)["image-copy"]
	for name, c := range map[string]struct {
		params    map[string]string
		args      []string
		reference string
	}{
		"usual": {
			nil, []string{"docker://example.com/staging/app@" + digest, "docker://example.com/prod/app:1"}, "example.com/prod/app@" + digest,
		},
		"a tag and a port": {
			map[string]string{"from": "r:5000/app:v1@" + digest, "to": "localhost:5000/app", "from-insecure": "true", "to-insecure": "true"},
			[]string{"--src-tls-verify=false", "--dest-tls-verify=false", "docker://r:5000/app@" + digest, "docker://localhost:5000/app"}, "localhost:5000/app@" + digest,
		},
	} {
		t.Run(name, func(t *testing.T) {
			got, calls, _ := r.with(t, c.params)
			assert.Equal(t, map[string]string{"digest": digest, "reference": c.reference}, got.ok(t).results)
			require.Len(t, calls, 1)
			assert.Equal(t, []string{"copy", "--all", "--preserve-digests", "--retry-times=3"}, calls[0].Args[:4])
			assert.Equal(t, c.args, calls[0].Args[5:])
		})
	}
	for name, c := range map[string]struct {
		params  map[string]string
		replies []reply
		want    string
	}{
		"no digest":        {map[string]string{"from": "example.com/app:1"}, nil, "has no digest"},
		"a short digest":   {map[string]string{"from": "example.com/app@sha256:0123"}, nil, "has an invalid digest"},
		"another digest":   {map[string]string{"from": "example.com/app@sha512:" + strings.Repeat("a", 64)}, nil, "has an invalid digest"},
		"two digests":      {map[string]string{"from": "a@" + digest + "@" + digest}, nil, "an @ without a digest after it"},
		"no name":          {map[string]string{"from": "@" + digest}, nil, "is not an image reference"},
		"a transport":      {map[string]string{"from": "oci:/etc/x@" + digest}, nil, "is not an image reference"},
		"a scheme":         {map[string]string{"to": "https://example.com/app"}, nil, "is not an image reference"},
		"digest of a copy": {map[string]string{"to": "example.com/app@" + digest}, nil, "the copy has that of the image"},
		"option":           {map[string]string{"to": "--all"}, nil, "is not an image reference"},
		"fails":            {nil, []reply{{Touch: "digestfile=" + digest, Stderr: "denied\n", Code: 1}}, "cannot copy"},
		"another image":    {nil, []reply{{Touch: "digestfile=sha256:" + strings.Repeat("a", 64)}}, "the copy has digest"},
		"says nothing":     {nil, []reply{{}}, "the copy has digest ''"},
	} {
		t.Run(name, func(t *testing.T) {
			r := r
			if c.replies != nil {
				r.replies = c.replies
			}
			got, _, _ := r.with(t, c.params)
			got.refused(t, "image-copy", c.want)
			assert.Empty(t, got.results)
		})
	}
	r.bound = map[string]map[string]string{"docker-config": {".dockerconfigjson": `{"auths": {}}`}}
	got, calls, _ := r.with(t, nil)
	got.ok(t)
	file, _ := calls[0].env("REGISTRY_AUTH_FILE")
	info, err := os.Stat(file)
	require.NoError(t, err)
	assert.Zero(t, info.Mode().Perm()&0o077)
}

// signer is a cosign that keeps what it gets.
func signer(t testing.TB) (dir string, stdin func() string) {
	t.Helper()
	dir = t.TempDir()
	write(t, dir, map[string]string{"cosign": "#!/bin/sh\ncat >'" + dir + "/stdin'\nprintf '%s\\n' \"$@\" >'" + dir + "/args'\nenv >'" + dir + "/env'\n"})
	require.NoError(t, os.Chmod(filepath.Join(dir, "cosign"), 0o755))
	return dir, func() string {
		b, err := os.ReadFile(filepath.Join(dir, "stdin"))
		require.NoError(t, err)
		return string(b)
	}
}

func TestCosignSign(t *testing.T) {
	t.Parallel()
	const image = "r:5000/app:1@" + digest
	signing := func(t *testing.T, dir string, workspaces map[string]map[string]string) run {
		r := run{
			task: define(t, tasks.CosignSign{}), params: map[string]string{"image": image}, path: []string{dir},
			arrays: map[string][]string{}, workspaces: map[string]string{}, env: []string{"COSIGN_PASSWORD=of-the-pod"},
		}
		for name, files := range workspaces {
			r.workspaces[name] = write(t, t.TempDir(), files)
		}
		return r
	}
	key := map[string]map[string]string{"key": {"cosign.key": "k", "cosign.password": "pass $(id) w0rd\n", "cosign.pub": "p"}}
	token := map[string]map[string]string{"identity": {"token": "the-token"}}
	for name, c := range map[string]struct {
		workspaces map[string]map[string]string
		password   string
		last       string
	}{
		"key":              {key, "pass $(id) w0rd", "--key=KEY/cosign.key"},
		"without password": {map[string]map[string]string{"key": {"cosign.key": "k"}}, "", "--key=KEY/cosign.key"},
		"keyless":          {token, "", "--identity-token=IDENTITY/token"},
	} {
		t.Run(name, func(t *testing.T) {
			dir, stdin := signer(t)
			r := signing(t, dir, c.workspaces)
			r.arrays = map[string][]string{"annotations": {"a=b=c", "run=$(id) x"}, "extra-args": {"--rekor-url=https://r"}}
			got := r.do(t).ok(t)
			assert.Equal(t, map[string]string{"reference": "r:5000/app@" + digest}, got.results)
			assert.Equal(t, c.password, stdin())
			for _, file := range []string{"args", "env"} {
				b, err := os.ReadFile(filepath.Join(dir, file))
				require.NoError(t, err)
				for _, secret := range []string{"w0rd", "the-token", "of-the-pod"} {
					assert.NotContains(t, string(b), secret, file)
				}
				if file == "args" {
					last := strings.NewReplacer("KEY", r.workspaces["key"], "IDENTITY", r.workspaces["identity"]).Replace(c.last)
					assert.Equal(t, []string{
						"sign", "--yes", "--tlog-upload=true", "--recursive=false", "--annotations=a=b=c", "--annotations=run=$(id) x",
						"--rekor-url=https://r", last, "r:5000/app@" + digest, "",
					}, strings.Split(string(b), "\n"))
				}
			}
		})
	}
	both := maps.Clone(key)
	maps.Copy(both, token)
	for name, c := range map[string]struct {
		workspaces map[string]map[string]string
		params     map[string]string
		arrays     map[string][]string
		want       string
	}{
		"neither":        {nil, nil, nil, "there is neither a key workspace nor an identity workspace"},
		"both":           {both, nil, nil, "want one of them"},
		"no key":         {map[string]map[string]string{"key": {"x": ""}}, nil, nil, "has no file cosign.key"},
		"no token":       {map[string]map[string]string{"identity": {"x": ""}}, nil, nil, "has no file token"},
		"no digest":      {key, map[string]string{"image": "example.com/app:1"}, nil, "has no digest"},
		"log":            {key, map[string]string{"transparency-log": "no"}, nil, "transparency-log is 'no'"},
		"no value":       {key, nil, map[string][]string{"annotations": {"a"}}, "is not KEY=VALUE"},
		"no key of it":   {key, nil, map[string][]string{"annotations": {"=a"}}, "is not KEY=VALUE"},
		"two":            {key, nil, map[string][]string{"annotations": {"a=b,c=d"}}, "which cosign reads as the start of another one"},
		"a quoted one":   {key, nil, map[string][]string{"annotations": {`a="b`}}, "which cosign reads as the start of another one"},
		"carriage":       {key, nil, map[string][]string{"annotations": {"a=b\r"}}, "ends with a carriage return, which cosign removes"},
		"mark":           {key, nil, map[string][]string{"annotations": {"--next--"}}, "'--next--', which is reserved"},
		"sign as a list": {key, nil, map[string][]string{"annotations": {"sign"}}, "is not KEY=VALUE"},
	} {
		t.Run(name, func(t *testing.T) {
			dir, _ := signer(t)
			r := signing(t, dir, c.workspaces)
			maps.Copy(r.params, c.params)
			maps.Copy(r.arrays, c.arrays)
			got := r.do(t)
			got.refused(t, "cosign-sign", c.want)
			assert.Empty(t, got.results)
			assert.NoFileExists(t, filepath.Join(dir, "args"))
		})
	}
	dir, _ := signer(t)
	r := signing(t, dir, key)
	r.arrays["annotations"], r.arrays["extra-args"] = []string{"a=\rb"}, []string{"--x", "sign", "--y"}
	r.do(t).ok(t)
	b, err := os.ReadFile(filepath.Join(dir, "args"))
	require.NoError(t, err)
	assert.Equal(t, []string{
		"sign", "--yes", "--tlog-upload=true", "--recursive=false", "--annotations=a=\rb", "--x", "sign", "--y",
		"--key=" + r.workspaces["key"] + "/cosign.key", "r:5000/app@" + digest, "",
	}, strings.Split(string(b), "\n"))
}

func TestBuildah(t *testing.T) {
	t.Parallel()
	r := recordings(t)["buildah"]
	r.inputs = nil
	r.arrays = map[string][]string{"build-args": {"A=1"}, "extra-args": {"--layers"}}
	got, calls, source := r.with(t, map[string]string{"insecure": "r:5000", "mirror": "http://mirror.example.com/"})
	assert.Equal(t, digest, got.ok(t).results["IMAGE_DIGEST"])
	assert.Equal(t, "example.com/app:1", got.results["IMAGE_URL"])
	assert.Equal(t, "example.com/app:1@"+digest, got.results["IMAGE_REFERENCE"])
	require.Len(t, calls, 2)
	assert.Equal(t, []string{"build", `--file="` + source + `/./Dockerfile"`, "--tag=example.com/app:1", "--build-arg=A=1", "--layers", "--", source}, calls[0].Args)
	assert.Equal(t, []string{"--", "example.com/app:1", "docker://example.com/app:1"}, calls[1].Args[2:])
	file, _ := calls[0].env("CONTAINERS_REGISTRIES_CONF")
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.Equal(t, `unqualified-search-registries = ["docker.io"]
[[registry]]
location = "docker.io"
[[registry.mirror]]
location = "mirror.example.com"
insecure = true
[[registry]]
location = "r:5000"
insecure = true
`, string(text))
	for name, c := range map[string]struct {
		replies []reply
		want    string
	}{
		"build fails":    {[]reply{{Args: []string{"build"}, Code: 1}}, "the build failed"},
		"push fails":     {[]reply{{Args: []string{"push"}, Code: 1}}, "the push failed"},
		"no digest":      {[]reply{{}}, "buildah wrote an invalid digest, ''"},
		"a wrong digest": {[]reply{{Touch: "digestfile=sha256:xyz"}}, "buildah wrote an invalid digest"},
	} {
		r.replies = c.replies
		got, _, _ := r.with(t, nil)
		got.refused(t, "buildah", c.want)
		assert.Empty(t, got.results, name)
	}
}

func TestKo(t *testing.T) {
	t.Parallel()
	r := recordings(t)["ko"]
	r.inputs = nil
	r.arrays = map[string][]string{"platforms": {"linux/amd64", "linux/arm/v7"}, "extra-args": {"--sbom=none"}}
	got, calls, source := r.with(t, map[string]string{"image": "r:5000/team/app:v1", "package": "./cmd/app", "base-image": "example.com/base:1", "insecure": "true"})
	assert.Equal(t, digest, got.ok(t).results["IMAGE_DIGEST"])
	assert.Equal(t, "r:5000/team/app:v1", got.results["IMAGE_URL"])
	assert.Equal(t, "r:5000/team/app:v1@"+digest, got.results["IMAGE_REFERENCE"])
	require.Len(t, calls, 1)
	assert.Equal(t, source, calls[0].Dir)
	assert.Equal(t, []string{"build", "--bare", "--tags=v1"}, calls[0].Args[:3])
	assert.Equal(t, []string{"--insecure-registry", "--platform=linux/amd64,linux/arm/v7", "--sbom=none", "--", "./cmd/app"}, calls[0].Args[4:])
	for name, want := range map[string]string{"KO_DOCKER_REPO": "r:5000/team/app", "KO_DEFAULTBASEIMAGE": "example.com/base:1", "GIT_DIR": "/dev/null"} {
		value, _ := calls[0].env(name)
		assert.Equal(t, want, value)
	}
	got, calls, _ = r.with(t, map[string]string{"image": "localhost:5000/app"})
	got.ok(t)
	assert.Equal(t, "--tags=latest", calls[0].Args[2])
	for name, replies := range map[string][]reply{
		"fails": {{Touch: "image-refs=a@" + digest, Code: 1}}, "no digest": {{}}, "a wrong one": {{Touch: "image-refs=a@sha256:0"}},
	} {
		r.replies = replies
		got, _, _ := r.with(t, nil)
		got.refused(t, "ko", "")
		assert.Empty(t, got.results, name)
	}
}

// ko copies what the links in kodata lead to into the image.
func TestKoLinks(t *testing.T) {
	t.Parallel()
	image := map[string]string{"image": "example.com/app:1"}
	files := map[string]string{"go.mod": "", "kodata/x": "", "cmd/app/kodata/y": "", "docs/z": ""}
	cases := map[string]linkCase{
		"inside":              {params: image, files: files, links: map[string]string{"kodata/z": "../docs/z", "cmd/app/kodata/docs": "../../../docs"}},
		"outside, not kodata": {params: image, files: files, links: map[string]string{"docs/config": "SECRET/config"}},
	}
	out(cases, "file", "kodata/config", "/config", linkCase{params: image, files: files, want: "kodata 'kodata' contains a symbolic link that leads out of the source: 'kodata/config'"})
	out(cases, "directory", "cmd/app/kodata/etc", "", linkCase{params: image, files: files, want: "kodata 'cmd/app/kodata' contains a symbolic link that leads out of the source: 'cmd/app/kodata/etc'"})
	out(cases, "kodata itself", "cmd/b/kodata", "", linkCase{params: image, files: map[string]string{"go.mod": ""}, want: "kodata 'cmd/b/kodata' leads out of the source through a symbolic link"})
	follow(t, "ko", define(t, tasks.Ko{}), []reply{{Touch: "image-refs=a@" + digest + "\n"}}, "ko", cases)
}
