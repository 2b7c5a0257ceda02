package facts

import (
	"path"
	"slices"
	"strings"

	"github.com/tekwright/tekwright/internal/shell"
)

// builders are the programs that run code of the repository in which they are, with the
// commands that do; nil means all, and "" none at all.
var builders = commandsOf(`
make gmake ninja rake bazel bazelisk cmake meson scons mvn mvnw gradle gradlew ant sbt lein tox nox pytest pre-commit ansible-playbook just
gotestsum ginkgo goreleaser mage skaffold tilt earthly dagger helmfile jest vitest mocha karma gulp grunt task bats rspec phpunit
npm pnpm yarn bun: ci install i run run-script test t start build exec ""
go: build test run generate install
cargo: build test run check clippy bench install
pip pip3: install
poetry uv pipenv bundle composer: install run exec sync
docker podman nerdctl: build buildx compose
docker-compose podman-compose: up run build
buildah: build bud
img pack buildctl buildctl-daemonless.sh: build
ko: build apply create publish resolve run
dotnet: build test run publish restore
terraform tofu terragrunt: init plan apply
flutter: build run test
zig: build test
swift mix stack cabal: build test run compile
`)

func commandsOf(table string) map[string]map[string]bool {
	out := map[string]map[string]bool{}
	for line := range strings.Lines(strings.TrimSpace(table)) {
		names, commands, some := strings.Cut(strings.TrimSpace(line), ":")
		var list map[string]bool
		if some {
			list = map[string]bool{}
			for c := range strings.FieldsSeq(commands) {
				list[strings.Trim(c, `"`)] = true
			}
		}
		for name := range strings.FieldsSeq(names) {
			out[name] = list
		}
	}
	return out
}

// interpreters run a file that is their first argument.
var interpreters = map[string]bool{
	"python": true, "python3": true, "node": true, "ruby": true, "perl": true, "php": true, "source": true, ".": true, "deno": true, "ts-node": true,
}

// repositoryModules are modules of Python that run files of the directory in which they are
// started.
var repositoryModules = map[string]bool{
	"pytest": true, "unittest": true, "nose": true, "nose2": true, "tox": true, "nox": true, "build": true, "behave": true, "doctest": true, "coverage": true,
	"invoke": true, "sphinx": true, "mkdocs": true,
}

// repositoryTools are packages for npx that run files of the repository.
var repositoryTools = map[string]bool{
	"jest": true, "vitest": true, "mocha": true, "ava": true, "karma": true, "playwright": true, "cypress": true, "eslint": true, "webpack": true, "vite": true,
	"rollup": true, "gulp": true, "grunt": true, "ng": true, "nx": true, "turbo": true, "lerna": true, "next": true, "nuxt": true, "ts-node": true, "tsx": true,
}

// builder reports whether a command surely runs files of the repository in which it is: a
// build tool, or a file with a path in it. Deploying its manifests counts as well.
func (t *tracker) builder(argv []shell.Word, c *shell.Command) bool {
	if len(argv) == 0 {
		return false
	}
	program := argv[0].Text
	name := path.Base(program)
	if isRelative(program) && argv[0].Parts == nil || t.inside(program) {
		return true
	}
	if t.elsewhere(argv) {
		return false
	}
	switch name {
	case "kubectl", "oc":
		return t.applies(argv, c)
	case "helm":
		return t.charts(argv, "upgrade", "install")
	case "npx", "bunx", "pnpx":
		tool, _, _ := strings.Cut(firstArgument(argv[1:]), "@")
		return repositoryTools[tool]
	case "python", "python3":
		if i := slices.IndexFunc(argv, func(w shell.Word) bool { return w.Text == "-m" }); i > 0 && i+1 < len(argv) {
			if argv[i+1].Text == "pip" {
				return t.builder(argv[i+1:], c)
			}
			return repositoryModules[argv[i+1].Text]
		}
	case "executor":
		if strings.HasPrefix(program, "/kaniko/") {
			return true
		}
	}
	if commands, known := builders[name]; known {
		return buildsWith(name, argv, commands)
	}
	if shell.IsShell(name) || interpreters[name] {
		file := firstArgument(argv[1:])
		if hasAny(argv, "-c", "-e", "-m", "-s") || file == "" {
			return false
		}
		return t.inside(file) || !strings.HasPrefix(file, "/") && !strings.HasPrefix(file, "$") && !strings.HasPrefix(file, "<(") &&
			(isRelative(file) || strings.Contains(file, ".") || shell.IsShell(name))
	}
	return false
}

// buildsWith reports whether a known program runs files of the repository with its
// arguments. If commands is nil, all do.
func buildsWith(name string, argv []shell.Word, commands map[string]bool) bool {
	if commands == nil {
		return len(argv) < 2 || argv[1].Text != "--version" && argv[1].Text != "-v"
	}
	first := firstArgument(argv[1:])
	switch {
	case name == "pip" || name == "pip3":
		return first == "install" && hasAny(argv, ".", "-e", "./") // what the repository lists is not its own code
	case first == "buildx":
		return hasAny(argv, "build", "bake")
	case first == "compose":
		return hasAny(argv, "up", "run", "build")
	case first == "":
		return commands[""] && len(argv) == 1 && name == "yarn"
	case hasAny(argv, "-g", "--global"), name == "go" && (first == "install" || first == "run") && strings.Contains(argv[len(argv)-1].Text, "@"),
		name == "cargo" && first == "install" && !hasAny(argv, "--path"):
		return false // another program
	}
	return commands[first]
}

// applies reports whether kubectl applies manifests of the repository, perhaps those that
// another program prints.
func (t *tracker) applies(argv []shell.Word, c *shell.Command) bool {
	switch firstArgument(argv[1:]) {
	case "apply", "create", "replace":
	default:
		return false
	}
	for i := range argv {
		if i+1 == len(argv) || argv[i].Text != "-f" && argv[i].Text != "--filename" && argv[i].Text != "-k" {
			continue
		}
		if file := argv[i+1].Text; file != "-" {
			return t.ofRepository(file) && !t.written[strings.TrimPrefix(file, "./")]
		}
		if c == nil || c.Reads == nil {
			return false
		}
		from := c.Reads.Argv()
		switch c.Reads.Name() {
		case "helm":
			return t.charts(from, "template")
		case "kustomize":
			return len(from) > 2 && from[1].Text == "build" && t.ofRepository(from[len(from)-1].Text)
		}
	}
	return false
}

// charts reports whether one of the commands of helm uses a chart of the repository.
func (t *tracker) charts(argv []shell.Word, commands ...string) bool {
	return hasAny(argv, commands...) && slices.ContainsFunc(argv[1:], func(w shell.Word) bool {
		return w.Text == "." || strings.HasPrefix(w.Text, "./") || t.inside(w.Text)
	})
}

// ofRepository reports whether a path is that of a file in the working directory, or of one
// of the commit.
func (t *tracker) ofRepository(file string) bool {
	return t.inside(file) || file != "" && strings.IndexByte("/$~-", file[0]) < 0 && !strings.HasPrefix(file, "../") && !strings.Contains(file, "://")
}

// elsewhere reports whether an option sets a directory or a file that need not be in the
// repository.
func (t *tracker) elsewhere(argv []shell.Word) bool {
	for i := range argv {
		if i+1 < len(argv) && directoryOptions[argv[i].Text] && strings.HasPrefix(argv[i+1].Text, "/") && !t.inside(argv[i+1].Text) {
			return true
		}
	}
	return false
}

// directoryOptions are options that set a directory or a file.
var directoryOptions = map[string]bool{"-C": true, "--prefix": true, "--cwd": true, "--dir": true, "-f": true, "--file": true, "--manifest-path": true}

// isRelative reports whether a word is the path of a file below the working directory.
func isRelative(s string) bool {
	return strings.Contains(s, "/") && !strings.HasPrefix(s, "../") && s[0] != '/' && s[0] != '$' && s[0] != '~' && s[0] != '<' && !strings.Contains(s, "://")
}

// firstArgument returns the first argument that is no option. The value of an option counts
// as one, except those of options that set a directory.
func firstArgument(args []shell.Word) string {
	for i := 0; i < len(args); i++ {
		switch text := args[i].Text; {
		case directoryOptions[text]:
			i++
		case strings.HasPrefix(text, "-"):
		default:
			return text
		}
	}
	return ""
}

func hasAny(words []shell.Word, texts ...string) bool {
	for i := range words {
		if slices.Contains(texts, words[i].Text) {
			return true
		}
	}
	return false
}
