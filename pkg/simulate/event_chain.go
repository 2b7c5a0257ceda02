package simulate

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http" //nolint:depguard // Tekton's interceptors are handlers, called in this process
	"net/url"
	"slices"

	"github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1"
	"github.com/tektoncd/triggers/pkg/interceptors"
	"github.com/tidwall/sjson"
)

// coreInterceptors are the ClusterInterceptors that Tekton Triggers installs.
var coreInterceptors = []string{"bitbucket", "cel", "github", "gitlab", "slack"}

// chain is the interceptors of a trigger or of a group.
type chain struct {
	*sink
	id        string // of the trigger, from which interceptors get the namespace
	namespace string

	seen  []InterceptorResult
	notes []string
}

// answer is what the interceptors make of an event. If one says no, stopped is why.
type answer struct {
	body       []byte
	header     http.Header
	extensions map[string]any
	stopped    string
}

// execute is ExecuteInterceptors.
func (c *chain) execute(all []*v1beta1.TriggerInterceptor, header http.Header, extensions map[string]any) answer {
	if len(all) == 0 {
		return answer{body: c.event.Body, header: header}
	}
	request := v1beta1.InterceptorRequest{
		Body:       string(c.event.Body),
		Header:     header.Clone(),
		Extensions: maps.Clone(extensions),
		Context:    &v1beta1.TriggerContext{EventURL: c.event.URL, EventID: c.eventID, TriggerID: c.id},
	}
	parsed, _ := url.ParseQuery(request.Body)
	if header.Get("Content-Type") == formType && len(parsed) > 1 && (all[0].Webhook == nil || len(request.Extensions) > 0) {
		text, err := json.Marshal(parsed)
		if err != nil {
			return answer{stopped: err.Error()}
		}
		request.Body = string(text)
	}
	for _, i := range all {
		if i.Webhook != nil {
			if err := c.webhook(&request); err != nil {
				return answer{stopped: err.Error()}
			}
			continue
		}
		request.InterceptorParams = interceptors.GetInterceptorParams(i)
		if i.Ref.Kind != v1beta1.ClusterInterceptorKind || !slices.Contains(coreInterceptors, i.GetName()) {
			c.other(i)
			continue
		}
		response, err := c.core(i.GetName(), &request)
		if err != nil {
			return answer{stopped: err.Error()}
		}
		if !response.Continue {
			return answer{stopped: c.no(i.GetName())}
		}
		maps.Copy(request.Extensions, response.Extensions)
	}
	return answer{body: []byte(request.Body), header: request.Header, extensions: request.Extensions}
}

// formType is the content type of the forms that Slack sends.
const formType = "application/x-www-form-urlencoded"

// no is why the last interceptor does not let the event pass.
func (c *chain) no(name string) string {
	return fmt.Sprintf("interceptor %s: %s", name, c.seen[len(c.seen)-1].Message)
}

// webhook is an interceptor of the old kind, of which only the request is known. It is assumed
// to return what it gets.
func (c *chain) webhook(request *v1beta1.InterceptorRequest) error {
	for _, k := range slices.Sorted(maps.Keys(request.Extensions)) {
		value, err := json.Marshal(request.Extensions[k])
		if err != nil {
			return err
		}
		body, err := sjson.SetRaw(request.Body, "extensions."+k, string(value))
		if err != nil {
			return fmt.Errorf("could not merge extensions with body: %w", err)
		}
		request.Body = body
	}
	c.seen = append(c.seen, InterceptorResult{Name: "webhook", Passed: true})
	c.note("a webhook interceptor is assumed to let the event pass, and not to change it")
	return nil
}

// other is an interceptor that is not one of Tekton's.
func (c *chain) other(i *v1beta1.TriggerInterceptor) {
	c.seen = append(c.seen, InterceptorResult{Name: i.GetName(), Passed: true})
	c.note("%s %q is not one of Tekton's: it is assumed to let the event pass, and to add nothing", i.Ref.Kind, i.GetName())
}

func (c *chain) note(format string, args ...any) {
	if n := fmt.Sprintf(format, args...); !slices.Contains(c.notes, n) {
		c.notes = append(c.notes, n)
	}
}

// core executes one of Tekton's interceptors, and keeps what it saw and answered.
func (c *chain) core(name string, original *v1beta1.InterceptorRequest) (*v1beta1.InterceptorResponse, error) {
	request := *original
	request.Header = maps.Clone(original.Header)
	request.InterceptorParams = maps.Clone(original.InterceptorParams)
	secrets := &secretValues{chain: c}
	ctx := context.Background()
	seen := InterceptorResult{Name: name}
	switch name {
	case "github":
		seen.Saw = c.eventType(&request, "X-Github-Event")
		ctx = c.gitHub(ctx, &request)
		c.sign(&request, secrets, "X-Hub-Signature-256", name)
	case "gitlab":
		seen.Saw = c.eventType(&request, "X-Gitlab-Event")
		c.sign(&request, secrets, "X-Gitlab-Token", name)
	case "bitbucket":
		seen.Saw = c.eventType(&request, "X-Event-Key")
		c.sign(&request, secrets, "X-Hub-Signature", name)
	case "slack":
		seen.Saw = append(c.eventType(&request, "Content-Type"), present(&request, "X-Slack-Signature"))
	}
	response, err := ask(ctx, name, &request, secrets)
	if err != nil {
		c.seen = append(c.seen, InterceptorResult{Name: name, Saw: seen.Saw, Message: err.Error()})
		return nil, fmt.Errorf("interceptor %s: %w", name, err)
	}
	seen.Passed, seen.Message, seen.Extensions = response.Continue, "", response.Extensions
	if !response.Continue {
		seen.Message = response.Status.Message
	}
	if name == "cel" {
		c.explain(&seen, &request, secrets)
	}
	c.seen = append(c.seen, seen)
	return response, nil
}

// eventType is the header that an interceptor compares with its event types.
func (c *chain) eventType(r *v1beta1.InterceptorRequest, header string) []EventValue {
	v := EventValue{Name: "header " + header, Value: http.Header(r.Header).Get(header)}
	v.Missing = len(http.Header(r.Header).Values(header)) == 0
	return []EventValue{v}
}

// present is a header whose value is not shown.
func present(r *v1beta1.InterceptorRequest, header string) EventValue {
	v := EventValue{Name: "header " + header, Value: "***"}
	if http.Header(r.Header).Get(header) == "" {
		v.Missing, v.Value = true, ""
	}
	return v
}
