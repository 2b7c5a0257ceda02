package pac

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"

	gogithub "github.com/google/go-github/v85/github"
	apincoming "github.com/openshift-pipelines/pipelines-as-code/pkg/apis/incoming"
	"github.com/openshift-pipelines/pipelines-as-code/pkg/apis/pipelinesascode/v1alpha1"
	"github.com/openshift-pipelines/pipelines-as-code/pkg/changedfiles"
	"github.com/openshift-pipelines/pipelines-as-code/pkg/consoleui"
	"github.com/openshift-pipelines/pipelines-as-code/pkg/customparams"
	"github.com/openshift-pipelines/pipelines-as-code/pkg/events"
	"github.com/openshift-pipelines/pipelines-as-code/pkg/formatting"
	fakepac "github.com/openshift-pipelines/pipelines-as-code/pkg/generated/clientset/versioned/fake"
	"github.com/openshift-pipelines/pipelines-as-code/pkg/kubeinteraction"
	"github.com/openshift-pipelines/pipelines-as-code/pkg/matcher"
	"github.com/openshift-pipelines/pipelines-as-code/pkg/params"
	"github.com/openshift-pipelines/pipelines-as-code/pkg/params/info"
	"github.com/openshift-pipelines/pipelines-as-code/pkg/pipelineascode"
	"github.com/openshift-pipelines/pipelines-as-code/pkg/provider"
	"github.com/openshift-pipelines/pipelines-as-code/pkg/provider/bitbucketcloud"
	"github.com/openshift-pipelines/pipelines-as-code/pkg/provider/bitbucketdatacenter"
	"github.com/openshift-pipelines/pipelines-as-code/pkg/provider/gitea"
	"github.com/openshift-pipelines/pipelines-as-code/pkg/provider/github"
	"github.com/openshift-pipelines/pipelines-as-code/pkg/provider/gitlab"
	"github.com/openshift-pipelines/pipelines-as-code/pkg/resolve"
	"github.com/openshift-pipelines/pipelines-as-code/pkg/templates"
	tektonv1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	faketekton "github.com/tektoncd/pipeline/pkg/client/clientset/versioned/fake"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	fakekube "k8s.io/client-go/kubernetes/fake"
	k8stesting "k8s.io/client-go/testing"
)

const systemNS = "pipelines-as-code"

// Input is everything PaC would have asked others for.
type Input struct {
	Root              string // a checkout of the event's commit
	DefaultBranchRoot string // a checkout of the default branch, for provenance
	DefaultBranch     string

	Repos  []*v1alpha1.Repository // the Repository objects of the cluster
	Global *v1alpha1.Repository
	Config map[string]string // the pipelines-as-code ConfigMap

	Headers http.Header
	Payload []byte
	Query   url.Values // only for /incoming
	Path    string     // "/" or "/incoming"

	Files          changedfiles.ChangedFiles
	PullRequest    []byte // GitHub: the API's object of the PR, needed for issue_comment
	CommitPRs      []byte // GitHub: the API's list of PRs of the commit, for push
	SHA            string // for incoming
	CommitMessage  string
	CommitStatuses []provider.CommitStatusInfo
	Denied         bool // the sender has no rights

	Remote  map[string]string // URL -> body, for remote tasks and the hub
	Secrets []*corev1.Secret
	Runs    []*tektonv1.PipelineRun // what exists already
}

// Output is what PaC would have done.
type Output struct {
	Provider string
	Skipped  string // why nothing was looked at
	Event    map[string]any
	Vars     map[string]string // {{ name }} -> value
	Created  []*tektonv1.PipelineRun
	Statuses []Status
	Comments []string
	Log      []string
}

type transport struct {
	remote map[string]string
	mu     sync.Mutex
	missed []string
}

func (t *transport) RoundTrip(r *http.Request) (*http.Response, error) {
	res := &http.Response{StatusCode: 200, Header: http.Header{}, Request: r}
	body, ok := t.remote[r.URL.String()]
	if !ok {
		t.mu.Lock()
		t.missed = append(t.missed, r.URL.String())
		t.mu.Unlock()
		res.StatusCode = 404
	}
	res.Body = io.NopCloser(strings.NewReader(body))
	return res, nil
}

// nameGenerated does what the API server does with generateName.
func nameGenerated(tracker interface {
	PrependReactor(verb, resource string, reaction k8stesting.ReactionFunc)
}, resource string) {
	var mu sync.Mutex
	seen := map[string]int{}
	tracker.PrependReactor("create", resource, func(a k8stesting.Action) (bool, runtime.Object, error) {
		ca, ok := a.(k8stesting.CreateAction)
		if !ok {
			return false, nil, nil
		}
		o, ok := ca.GetObject().(metav1.Object)
		if ok && o.GetName() == "" {
			mu.Lock()
			defer mu.Unlock()
			seen[o.GetGenerateName()]++
			o.SetName(fmt.Sprintf("%s%05d", o.GetGenerateName(), seen[o.GetGenerateName()]))
		}
		return false, nil, nil
	})
}

// cluster makes the Run that PaC keeps its clients in.
func cluster(in *Input, logger *zap.SugaredLogger) (*params.Run, *transport, error) {
	tkn := faketekton.NewSimpleClientset()
	nameGenerated(tkn, "pipelineruns")
	for _, pr := range in.Runs {
		if err := tkn.Tracker().Add(pr); err != nil {
			return nil, nil, err
		}
	}
	kube := fakekube.NewSimpleClientset()
	nameGenerated(kube, "events")
	for _, s := range in.Secrets {
		if err := kube.Tracker().Add(s); err != nil {
			return nil, nil, err
		}
	}
	pac := fakepac.NewSimpleClientset()
	for _, r := range in.Repos {
		if err := pac.Tracker().Add(r.DeepCopy()); err != nil {
			return nil, nil, err
		}
	}
	if in.Global != nil {
		if err := pac.Tracker().Add(in.Global.DeepCopy()); err != nil {
			return nil, nil, err
		}
	}
	tr := &transport{remote: in.Remote}
	run := params.New()
	run.Clients.PipelineAsCode, run.Clients.Tekton, run.Clients.Kube = pac, tkn, kube
	run.Clients.HTTP = http.Client{Transport: tr}
	run.Clients.Log = logger
	run.Clients.SetConsoleUI(consoleui.FallBackConsole{})
	run.Info.Kube.Namespace = systemNS
	config := map[string]string{"bitbucket-cloud-check-source-ip": "false"}
	maps.Copy(config, in.Config)
	_, err := run.Info.UpdatePacOpts(logger, config)
	return run, tr, err
}

// Parse makes PaC's event of a webhook, with PaC's own detection and parsing.
func Parse(ctx context.Context, in *Input, run *params.Run, logger *zap.SugaredLogger) (event *info.Event, name, skipped string, err error) {
	if in.Path == "/incoming" {
		return incoming(in)
	}
	opts := run.Info.GetPacOpts()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "https://pac.invalid/", bytes.NewReader(in.Payload))
	if err != nil {
		return nil, "", "", err
	}
	req.Header = in.Headers

	gh := github.New()
	gh.Run = run
	candidates := []struct {
		name string
		p    provider.Interface
	}{ // the order of pkg/adapter
		{"github", gh},
		{"gitea", &gitea.Provider{}},
		{"bitbucket-datacenter", &bitbucketdatacenter.Provider{}},
		{"gitlab", &gitlab.Provider{}},
		{"bitbucket-cloud", &bitbucketcloud.Provider{}},
	}
	for _, c := range candidates {
		is, process, _, reason, err := c.p.Detect(req, string(in.Payload), logger)
		if !is {
			continue
		}
		if err != nil || !process {
			return nil, c.name, fmt.Sprintf("not processed: %s %v", reason, err), nil
		}
		c.p.SetLogger(logger)
		c.p.SetPacInfo(&opts)
		payload := in.Payload
		var installation int64
		if c.name == "github" {
			var done func()
			if payload, installation, done, err = prepareGitHub(in, gh); err != nil {
				return nil, c.name, "", err
			}
			defer done()
		}
		event, err := c.p.ParsePayload(ctx, run, req, string(payload))
		if err != nil {
			return nil, c.name, "refused: " + err.Error(), nil
		}
		if event == nil {
			return nil, c.name, "event dropped by the provider", nil
		}
		if installation > 0 { // give back what prepareGitHub hid
			_ = json.Unmarshal(in.Payload, event.Event)
			event.InstallationID = installation
		}
		event.Request = &info.Request{Header: req.Header, Payload: bytes.TrimSpace(in.Payload)}
		return event, c.name, "", nil
	}
	return nil, "", "no provider detected", nil
}

// prepareGitHub hides the installation, for which ParsePayload would mint a
// token, and serves the two API calls that parsing makes.
func prepareGitHub(in *Input, gh *github.Provider) ([]byte, int64, func(), error) {
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(in.Payload, &raw); err != nil {
		return nil, 0, nil, err
	}
	var inst struct{ ID int64 }
	_ = json.Unmarshal(raw["installation"], &inst)
	delete(raw, "installation")
	payload, err := json.Marshal(raw)
	if err != nil {
		return nil, 0, nil, err
	}
	if in.PullRequest == nil && in.CommitPRs == nil {
		return payload, inst.ID, func() {}, nil
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/repos/{o}/{r}/pulls/{n}", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(in.PullRequest) })
	mux.HandleFunc("/repos/{o}/{r}/commits/{s}/pulls", func(w http.ResponseWriter, _ *http.Request) {
		if in.CommitPRs == nil {
			_, _ = w.Write([]byte("[]"))
			return
		}
		_, _ = w.Write(in.CommitPRs)
	})
	srv := httptest.NewServer(mux)
	client := gogithub.NewClient(srv.Client())
	client.BaseURL, _ = url.Parse(srv.URL + "/")
	gh.SetGithubClient(client)
	return payload, inst.ID, srv.Close, nil
}

// incoming repeats pkg/adapter's detectIncoming, which is not exported.
func incoming(in *Input) (*info.Event, string, string, error) {
	var p struct {
		Repository, Namespace, Branch, PipelineRun string
		Params                                     map[string]any
	}
	p.Repository, p.Namespace = in.Query.Get("repository"), in.Query.Get("namespace")
	p.Branch, p.PipelineRun = in.Query.Get("branch"), in.Query.Get("pipelinerun")
	if p.Repository == "" {
		if err := json.Unmarshal(in.Payload, &p); err != nil {
			return nil, "", "", err
		}
	}
	var repo *v1alpha1.Repository
	for _, r := range in.Repos {
		if r.Name == p.Repository && (p.Namespace == "" || p.Namespace == r.Namespace) {
			repo = r
		}
	}
	if repo == nil || repo.Spec.Incomings == nil {
		return nil, "", "no repository or no incoming rules", nil
	}
	hook := matcher.IncomingWebhookRule(p.Branch, *repo.Spec.Incomings)
	if hook == nil {
		return nil, "", "no incoming rule matches the branch", nil
	}
	e := info.NewEvent()
	if len(in.Payload) > 0 {
		pl, err := apincoming.ParseIncomingPayload(in.Payload)
		if err != nil {
			return nil, "", "", err
		}
		for k := range pl.Params {
			if !slices.Contains(hook.Params, k) {
				return nil, "", "param " + k + " is not allowed", nil
			}
		}
		e.Event = pl
	}
	e.EventType, e.TriggerTarget = "incoming", "push"
	e.TargetPipelineRun = p.PipelineRun
	e.HeadBranch, e.BaseBranch = p.Branch, p.Branch
	e.Request = &info.Request{Header: in.Headers, Payload: in.Payload}
	e.URL, e.Sender = repo.Spec.URL, "incoming"
	var err error
	if e.Organization, e.Repository, err = formatting.GetRepoOwnerSplitted(repo.Spec.URL); err != nil {
		return nil, "", "", err
	}
	name := "github"
	if g := repo.Spec.GitProvider; g != nil && g.Type != "" {
		name = g.Type
	} else {
		e.InstallationID = 1
	}
	return e, name, "", nil
}

// Run asks PaC which PipelineRuns a webhook starts, and with which values.
func Run(ctx context.Context, in Input) (*Output, error) {
	core, logs := observer.New(zap.InfoLevel)
	logger := zap.New(core).Sugar()
	out := &Output{}
	ctx = info.StoreNS(ctx, systemNS)
	run, tr, err := cluster(&in, logger)
	if err != nil {
		return nil, err
	}
	defer func() {
		for _, e := range logs.All() {
			out.Log = append(out.Log, e.Level.String()+": "+e.Message)
		}
		for _, u := range tr.missed {
			out.Log = append(out.Log, "oracle: not in Input.Remote: "+u)
		}
	}()
	event, name, skipped, err := Parse(ctx, &in, run, logger)
	out.Provider, out.Skipped = name, skipped
	if err != nil || skipped != "" {
		return out, err
	}
	vcx := &fake{in: &in, name: name}

	// what follows is sinker.processEvent, which is not exported
	repo, err := matcher.MatchEventURLRepo(ctx, run, event, "")
	if err != nil {
		return out, err
	}
	if event.EventType == "push" && provider.SkipCI(event.SHATitle) {
		out.Skipped = "skip-ci in the commit message"
		return out, nil
	}
	if repo != nil && (event.EventType == "pull_request" || event.EventType == "Merge Request") {
		if err := vcx.GetCommitInfo(ctx, event); err != nil {
			return out, err
		}
		if event.HasSkipCommand {
			out.Skipped = "skip-ci in the commit message"
			return out, nil
		}
	}
	if repo != nil {
		if repo.Spec.GitProvider == nil && event.InstallationID <= 0 {
			// a webhook without git_provider: PaC ends here
			if name != "github" {
				out.Skipped = "the Repository has no git_provider"
				return out, nil
			}
			event.InstallationID = 1
		}
	}
	kint, err := kubeinteraction.NewKubernetesInteraction(run)
	if err != nil {
		return out, err
	}
	opts := run.Info.GetPacOpts()
	pacs := pipelineascode.NewPacs(event, vcx, run, &opts, kint, logger, in.Global)
	runErr := pacs.Run(ctx)

	out.Statuses, out.Comments = vcx.statuses, vcx.comments
	out.Event = map[string]any{
		"event_type": event.EventType, "trigger_target": event.TriggerTarget, "base_branch": event.BaseBranch,
		"head_branch": event.HeadBranch, "sha": event.SHA, "sha_title": event.SHATitle, "url": event.URL,
		"base_url": event.BaseURL, "head_url": event.HeadURL, "sender": event.Sender, "pr": event.PullRequestNumber,
		"labels": event.PullRequestLabel, "default_branch": event.DefaultBranch, "comment": event.TriggerComment,
		"target_run": event.TargetPipelineRun, "target_test": event.TargetTestPipelineRun,
	}
	if repo != nil {
		cp := customparams.NewCustomParams(event, repo, run, kint, events.NewEventEmitter(nil, nil), vcx)
		if out.Vars, _, err = cp.GetParams(ctx); err != nil {
			logger.Errorf("oracle: params: %v", err)
		}
	}
	list, err := run.Clients.Tekton.TektonV1().PipelineRuns("").List(ctx, metav1.ListOptions{})
	if err != nil {
		return out, err
	}
	before := map[string]bool{}
	for _, r := range in.Runs {
		before[r.Namespace+"/"+r.Name] = true
	}
	for i := range list.Items {
		if pr := &list.Items[i]; !before[pr.Namespace+"/"+pr.Name] {
			out.Created = append(out.Created, pr)
		}
	}
	return out, runErr
}

// ErrDecode holds the documents that PaC could not decode.
var ErrDecode = errors.New("documents not decoded")

// Resolve resolves a .tekton folder for given variables in the order of the
// server: read, expand, parse, inline, expand again. strict also applies the
// server's check of the raw files, which "tkn pac resolve" does not make.
func Resolve(ctx context.Context, root, dir string, vars map[string]string, body any, headers http.Header, files map[string]any, remote map[string]string) ([]*tektonv1.PipelineRun, error) {
	logger := zap.NewNop().Sugar()
	in := &Input{Root: root, Remote: remote}
	run, _, err := cluster(in, logger)
	if err != nil {
		return nil, err
	}
	raw, err := ReadDir(dir)
	if err != nil {
		return nil, err
	}
	expand := func(s string) string { return templates.ReplacePlaceHoldersVariables(s, vars, body, headers, files) }
	types, err := resolve.ReadTektonTypes(ctx, logger, expand(raw))
	if err != nil {
		return nil, err
	}
	event := info.NewEvent()
	event.SHA = "0" // otherwise paths are read from the working directory
	prs, err := resolve.Resolve(ctx, run, logger, &fake{in: in, name: "github"}, types, event, &resolve.Opts{GenerateName: true, RemoteTasks: true})
	if err != nil {
		return nil, err
	}
	for i, pr := range prs {
		b, err := json.Marshal(pr)
		if err != nil {
			return nil, err
		}
		s := templates.ReplacePlaceHoldersVariables(string(b), map[string]string{"git_auth_secret": "pac-gitauth-xxxxxx"}, nil, nil, map[string]any{})
		np := &tektonv1.PipelineRun{}
		if err := json.Unmarshal([]byte(expand(s)), np); err != nil {
			return nil, fmt.Errorf("second expansion of %s: %w", pr.GetGenerateName(), err)
		}
		prs[i] = np
	}
	for _, v := range types.ValidationErrors {
		err = errors.Join(err, fmt.Errorf("%w: %s: %w", ErrDecode, v.Name, v.Err))
	}
	return prs, err
}

var secretRe = regexp.MustCompile(`pac-gitauth-[a-z]{6}`)

// Stable replaces what is random in an output.
func Stable(s string) string { return secretRe.ReplaceAllString(s, "pac-gitauth-xxxxxx") }
