package secrets

import (
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/tekwright/tekwright/internal/shell"
)

// passing lists the programs to which a password can be passed as an argument. A line has
// their names, a colon, and the options, of which the password is the value:
//
//	-p         -p PASSWORD, -pPASSWORD or -p=PASSWORD
//	-p=        -pPASSWORD; without one, the program asks for it
//	-k!        -k PASSWORD
//	--name     --name PASSWORD or --name=PASSWORD; the same with one dash
//	-u...:     the value is USER:PASSWORD; other separators are % and a comma
//	-pass...^  the value is pass:PASSWORD
//
// The options of a line with login are those of that command. After last, the password is
// the last argument; it counts only together with the option or the command before last.
const passing = `
docker podman nerdctl buildah skopeo crane oras helm img regctl cosign argocd oc az: login -p --password --token --pass
sshpass: -p
mysql mysqldump mysqladmin mysqlimport mysqlcheck mysqlshow mysqlsh mysqlslap mariadb mariadb-dump mariadb-admin: -p= --password=
redis-cli valkey-cli: -a --pass
redis-server valkey-server: --requirepass --masterauth
mongo mongosh mongodump mongorestore mongoexport mongoimport mongostat: -p --password
cqlsh cypher-shell twine rabbitmqadmin influx clickhouse-client: -p --password -password
ldapsearch ldapadd ldapmodify ldapdelete ldapmodrdn ldapcompare ldapwhoami ldappasswd ldapexop: -w -s
sqlcmd bcp isql osql tsql bsqldb mosquitto_pub mosquitto_sub ipmitool: -P
smbclient smbget rpcclient winexe wmic smbmap: -U% --user%
openssl: -pass^ -passin^ -passout^ -password^ -k!
gpg gpg2: --passphrase
zip zipcloak unzip: -P
7z 7za 7zr 7zz rar unrar: -p=
keytool jarsigner apksigner: -storepass -keypass -srcstorepass -deststorepass -srckeypass -destkeypass
skopeo podman buildah: --creds: --src-creds: --dest-creds: --password --src-registry-token --dest-registry-token
oras helm regctl crane argocd kubectl oc docker az: --password --token --docker-password --auth-token
oras helm: -p
curl: --pass --proxy-pass -E: --cert: --proxy-user:
lftp ncftp: -u, --user,
wget aria2c: --password --http-password --ftp-password --proxy-password --http-passwd --ftp-passwd
htpasswd: -b last
vault: login last
rabbitmqctl: add_user last
rabbitmqctl: change_password last
snyk: auth last
ngrok: authtoken last
usermod useradd: -p --password
gh glab jf jfrog rclone svn influx psql wget curl mount: --password --token --pass --access-token --apikey
`

// option is an option whose value has a password.
type option struct {
	name string
	// form is the character behind the name in the table, or 0.
	form byte
}

// program is what is known of a program in the table.
type program struct {
	options []option
	logins  []option // only of its command login
	last    []string // the options and commands of which the last argument is a password
}

var programs = sync.OnceValue(func() map[string]*program {
	all := map[string]*program{}
	for line := range strings.Lines(strings.TrimSpace(passing)) {
		names, rest, _ := strings.Cut(line, ":")
		words := strings.Fields(rest)
		for name := range strings.FieldsSeq(names) {
			p := all[name]
			if p == nil {
				p = &program{}
				all[name] = p
			}
			list := &p.options
			switch {
			case len(words) == 2 && words[1] == "last":
				p.last = append(p.last, words[0])
				continue
			case words[0] == "login":
				list = &p.logins
			}
			for _, w := range words {
				if w == "login" {
					continue
				}
				o := option{name: w}
				if end := w[len(w)-1]; strings.IndexByte("=!:%,^", end) >= 0 {
					o = option{w[:len(w)-1], end}
				}
				*list = append(*list, o)
			}
		}
	}
	return all
})

// argument is a password among the words of a command.
type argument struct {
	option int // the index of the option, or of the password if there is none
	name   string
	login  bool
	at     int    // the index of the word with the value
	value  string // the value of the option, with a user before the password
	form   byte
}

// password returns the password in the value, or "".
func (a *argument) password() string {
	value := a.value
	switch a.form {
	case ':', '%', ',':
		_, rest, ok := strings.Cut(value, string(a.form))
		if !ok {
			return ""
		}
		value = rest
	case '^':
		rest, ok := strings.CutPrefix(value, "pass:")
		if !ok {
			return ""
		}
		value = rest
	}
	if !Literal(value) || strings.HasPrefix(value, "$") {
		return ""
	}
	return value
}

// arguments calls visit for each password among the arguments of a program, until it returns
// false.
func (p *program) arguments(args []shell.Word, visit func(*argument) bool) {
	login := false
	for i := range args {
		text := args[i].Text
		login = login || text == "login"
		if len(text) < 2 || text[0] != '-' {
			continue
		}
		for n, list := range [...][]option{p.logins, p.options} {
			if n == 0 && !login {
				continue
			}
			for _, o := range list {
				a, ok := o.of(args, i)
				if ok {
					a.login = n == 0
					if !visit(&a) {
						return
					}
				}
			}
		}
	}
	if len(p.last) == 0 || len(args) < 2 {
		return
	}
	end := len(args) - 1
	for _, word := range p.last {
		for i := range args[:end] {
			text := args[i].Text
			if text != word && !(word[0] == '-' && len(text) > 1 && text[0] == '-' && text[1] != '-' && strings.Contains(text[1:], word[1:])) {
				continue
			}
			value := args[end].Text
			if word == "login" {
				value = strings.TrimPrefix(strings.TrimPrefix(value, "token="), "password=")
			}
			if !strings.HasPrefix(value, "-") && !strings.Contains(value, "://") {
				visit(&argument{option: i, name: word, at: end, value: value})
			}
			return
		}
	}
}

// of returns the value of the option if the argument at i is one.
func (o *option) of(args []shell.Word, i int) (argument, bool) {
	rest, ok := strings.CutPrefix(args[i].Text, o.name)
	if !ok {
		return argument{}, false
	}
	a := argument{option: i, name: o.name, at: i, form: o.form}
	long := len(o.name) > 2
	switch {
	case rest == "" && o.form != '=':
		if i+1 == len(args) || args[i+1].Text == "" {
			return a, false
		}
		a.at, a.value = i+1, args[i+1].Text
		return a, true
	case rest == "", o.form == '!', long && rest[0] != '=':
		return a, false
	}
	a.value = strings.TrimPrefix(rest, "=")
	return a, a.value != ""
}

// most is the number of programs in one command that are looked at, as in timeout 5 mysql.
const most = 4

// eachPassword calls visit for each password among the words of a command, with the index of
// the word.
func eachPassword(argv []shell.Word, visit func(password string, at int)) {
	found := 0
	for i := range argv {
		p := programs()[path.Base(argv[i].Text)]
		if p == nil || found == most {
			continue
		}
		found++
		p.arguments(argv[i+1:], func(a *argument) bool {
			if text := a.password(); text != "" {
				visit(text, i+1+a.at)
			}
			return true
		})
	}
}

// fed returns the password that a command reads from an echo: echo PASSWORD | docker login
// --password-stdin.
func fed(c *shell.Command) string {
	if c.Reads == nil || c.Reads.Name() != "echo" && c.Reads.Name() != "printf" || len(c.Reads.Words) < 2 {
		return ""
	}
	name, reads := c.Name(), c.Name() == "chpasswd"
	for i := range c.Words {
		text := c.Words[i].Text
		reads = reads || strings.HasPrefix(text, "--") && strings.HasSuffix(text, "-stdin") || text == "--with-token" ||
			strings.HasPrefix(text, "--passphrase-fd") || name == "passwd" && text == "--stdin" ||
			name == "openssl" && text == "stdin" || name == "cryptsetup" && text == "-" || c.Words[0].Text == "sudo" && text == "-S"
	}
	if !reads {
		return ""
	}
	text := c.Reads.Words[len(c.Reads.Words)-1].Text
	if name == "chpasswd" {
		_, text, _ = strings.Cut(text, ":")
	}
	text = strings.TrimSuffix(text, `\n`)
	if !Literal(text) || strings.HasPrefix(text, "$") || strings.HasPrefix(text, "%") {
		return ""
	}
	return text
}

// ofDialog returns the passwords in what a client of FTP reads from a here-document.
func ofDialog(c *shell.Command) []string {
	if !dialogs[c.Name()] {
		return nil
	}
	var all []string
	for i := range c.Redirects {
		for line := range strings.Lines(c.Redirects[i].Body.Text) {
			words := strings.Fields(line)
			password := ""
			switch {
			case len(words) >= 3 && words[0] == "user":
				password = words[2]
			case len(words) >= 3 && words[0] == "open" && words[1] == "-u":
				_, password, _ = strings.Cut(words[2], ",")
			case len(words) >= 2 && strings.EqualFold(words[len(words)-2], "pass"):
				password = words[len(words)-1]
			}
			if password != "" && Literal(password) && !strings.HasPrefix(password, "$") {
				all = append(all, password)
			}
		}
	}
	return all
}

// window is the number of bytes behind the name of a program in which its options are.
const window = 400

// mayPass reports whether the name of a program in a text is followed by one of the options
// with which it gets a password. It is quick: most texts with a name have none.
func mayPass(text string, from, to int) bool {
	const around = " \t\r\n\"'`[],/-;"
	for from < to && strings.IndexByte(around, text[from]) >= 0 {
		from++
	}
	for from < to && strings.IndexByte(around, text[to-1]) >= 0 {
		to--
	}
	name := strings.ToLower(text[from:to])
	if readers[name] {
		return true
	}
	if isLetter(text, from-1) || isLetter(text, to) {
		return false
	}
	behind := text[to:min(len(text), to+window)]
	if dialogs[name] {
		return strings.Contains(behind, "<<") || strings.Contains(behind, "-u")
	}
	p := programs()[name]
	if p == nil {
		return false
	}
	for _, list := range [...][]option{p.logins, p.options} {
		for _, o := range list {
			if hasOption(behind, o.name) {
				return true
			}
		}
	}
	for _, word := range p.last {
		if hasOption(behind, strings.TrimRight(word, "abcdefghijklmnopqrstuvwxyz")) && strings.Contains(behind, strings.TrimLeft(word, "-")) {
			return true
		}
	}
	return false
}

// hasOption reports whether a word of a text begins with a name.
func hasOption(text, name string) bool {
	for at := 0; ; {
		i := strings.Index(text[at:], name)
		if i < 0 {
			return false
		}
		at += i
		if at == 0 || strings.IndexByte(" \t\r\n\"',[", text[at-1]) >= 0 {
			return true
		}
		at++
		if at > len(text) {
			return false
		}
	}
}

// dialogs are the clients of FTP, which read a password from a here-document.
var dialogs = map[string]bool{"ftp": true, "lftp": true, "ncftp": true, "tnftp": true, "sftp": true}

// readers are words of commands that read a password from a pipe.
var readers = map[string]bool{"stdin": true, "passphrase-fd": true, "with-token": true, "chpasswd": true, "sudo -s": true}

// programWords finds the names of programs and the words of readers.
var programWords = sync.OnceValue(func() *words { return newWords(programNames()...) })

// programNames returns the words of programWords, which have at least four letters. Shorter
// names are together with what is around them in scripts and lists.
func programNames() []string {
	all := []string{"-stdin", "passphrase-fd", "with-token", "chpasswd", "sudo -s", "lftp", "ncftp", "tnftp", "sftp"}
	short := []string{"ftp"}
	for name := range programs() {
		switch {
		case len(name) > 3 && !slices.Contains(all, name):
			all = append(all, name)
		case len(name) == 3:
			short = append(short, name)
		}
	}
	slices.Sort(all)
	slices.Sort(short)
	for _, name := range short {
		for _, end := range []string{" ", ",", "\"", "'", "]", "\n"} {
			all = append(all, name+end)
		}
	}
	return append(all, " 7z ", "\n7z ", ";7z ", "/7z ", "[7z,", "\"7z\"", "'7z'", "\"7z ", "'7z ", "`7z ", " 7z,", "- 7z")
}
