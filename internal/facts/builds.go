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
npm pnpm yarn bun: ci install i run run-script test t start build exec ""
go: build test run generate install
cargo: build test run check clippy bench install
pip pip3: install
poetry uv pipenv bundle composer: install run exec sync
docker podman nerdctl: build buildx
buildah: build bud
img: build
dotnet: build test run publish restore
terraform tofu: init plan apply
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

// builds reports whether a command surely runs files of the repository in which it is: a
// build tool, or a file with a relative path.
func builds(argv []shell.Word) bool {
	if len(argv) == 0 {
		return false
	}
	program := argv[0].Text
	name := path.Base(program)
	if isRelative(program) && argv[0].Parts == nil {
		return true
	}
	if elsewhere(argv) {
		return false
	}
	commands, known := builders[name]
	switch {
	case name == "executor" && strings.HasPrefix(program, "/kaniko/"):
		return true
	case known && commands == nil:
		return len(argv) < 2 || argv[1].Text != "--version" && argv[1].Text != "-v"
	case known:
		first := firstArgument(argv[1:])
		switch {
		case name == "pip" || name == "pip3":
			return first == "install" && hasAny(argv, ".", "-e", "./") // what the repository lists is not its own code
		case name == "docker" && first == "buildx":
			return hasAny(argv, "build")
		case first == "":
			return commands[""] && len(argv) == 1 && name == "yarn"
		}
		switch {
		case hasAny(argv, "-g", "--global"), name == "go" && first == "install" && strings.Contains(argv[len(argv)-1].Text, "@"),
			name == "cargo" && first == "install" && !hasAny(argv, "--path"):
			return false // another program
		}
		return commands[first]
	case shell.IsShell(name) || interpreters[name]:
		file := firstArgument(argv[1:])
		return file != "" && !strings.HasPrefix(file, "/") && !strings.HasPrefix(file, "$") && !hasAny(argv, "-c", "-e", "-m", "-s") &&
			(isRelative(file) || strings.Contains(file, ".") || shell.IsShell(name))
	}
	return false
}

// elsewhere reports whether an option sets a directory or a file that need not be in the
// repository.
func elsewhere(argv []shell.Word) bool {
	for i := range argv {
		if i+1 < len(argv) && directoryOptions[argv[i].Text] && strings.HasPrefix(argv[i+1].Text, "/") {
			return true
		}
	}
	return false
}

// directoryOptions are options that set a directory or a file.
var directoryOptions = map[string]bool{"-C": true, "--prefix": true, "--cwd": true, "--dir": true, "-f": true, "--file": true, "--manifest-path": true}

// isRelative reports whether a word is the path of a file below the working directory.
func isRelative(s string) bool {
	return strings.Contains(s, "/") && !strings.HasPrefix(s, "../") && s[0] != '/' && s[0] != '$' && s[0] != '~' && !strings.Contains(s, "://")
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
