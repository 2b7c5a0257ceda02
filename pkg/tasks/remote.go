package tasks

import "github.com/tekwright/tekwright/pkg/builder"

// remote is what the tasks that talk to a Git server take alike.
type remote struct {
	url, httpProxy, httpsProxy, noProxy builder.String
	ssh, basicAuth, ca                  builder.Workspace
}

// step adds the step that has these inputs in its environment.
func (r remote) step(t *builder.Task, name string, image builder.TaskString) *builder.Step {
	ssh := t.Workspace("ssh", r.ssh, builder.Optional(), builder.ReadOnly(),
		builder.Describe("private keys, known_hosts, and maybe a config"))
	login := t.Workspace("basic-auth", r.basicAuth, builder.Optional(), builder.ReadOnly(),
		builder.Describe("username and password, or .gitconfig and .git-credentials"))
	ca := t.Workspace("ca", r.ca, builder.Optional(), builder.ReadOnly(),
		builder.Describe("ca-bundle.crt, the authorities to trust"))
	s := t.Step(name).Image(image).
		Requests("100m", "128Mi").SecurityContext(unprivileged()).
		Env("HOME", home).
		Env("URL", t.Param("url", r.url, builder.Describe("URL of the repository"))).
		Env("HTTP_PROXY_URL", t.Param("http-proxy", r.httpProxy, builder.Default(""),
			builder.Describe("proxy for http"))).
		Env("HTTPS_PROXY_URL", t.Param("https-proxy", r.httpsProxy, builder.Default(""),
			builder.Describe("proxy for https"))).
		Env("NO_PROXY_HOSTS", t.Param("no-proxy", r.noProxy, builder.Default(""),
			builder.Describe("hosts to reach without a proxy, separated by commas")))
	bind(s, "SSH", ssh)
	bind(s, "BASIC_AUTH", login)
	bind(s, "CA", ca)
	return s
}
