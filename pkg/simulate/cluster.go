package simulate

import (
	"fmt"
	"time"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	fakeclient "github.com/tektoncd/pipeline/pkg/client/clientset/versioned/fake"
	fakeresolution "github.com/tektoncd/pipeline/pkg/client/resolution/clientset/versioned/fake"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	fakekube "k8s.io/client-go/kubernetes/fake"
	clienttesting "k8s.io/client-go/testing"
	"k8s.io/client-go/tools/cache"
	clock "k8s.io/utils/clock/testing"
)

// epoch is when simulated time begins. It is long ago, because Tekton sets some times from
// the real clock: they are then recognized, and replaced.
var epoch = time.Date(2001, 1, 1, 0, 0, 0, 0, time.UTC)

// cluster is an API server in memory with the caches of Tekton's controller. A change of an
// object is in the cache at once.
type cluster struct {
	clock   *clock.FakePassiveClock
	tekton  *fakeclient.Clientset
	kube    *fakekube.Clientset
	resolve *fakeresolution.Clientset
	caches  map[string]cache.Indexer // by resource
	changed func(resource string, object metav1.Object, old runtime.Object)
	admit   func(runtime.Object) error // what the webhook does
	invalid map[string][]invalid       // tasks that are not started, by PipelineRun
	created int
}

func newCluster() *cluster {
	c := &cluster{
		clock:   clock.NewFakePassiveClock(epoch),
		tekton:  fakeclient.NewSimpleClientset(),
		kube:    fakekube.NewSimpleClientset(),
		resolve: fakeresolution.NewSimpleClientset(),
		caches:  map[string]cache.Indexer{},
		invalid: map[string][]invalid{},
	}
	c.tekton.PrependReactor("*", "*", c.react(c.tekton.Tracker()))
	c.kube.PrependReactor("*", "*", c.react(c.kube.Tracker()))
	c.kube.PrependReactor("get", "serviceaccounts", anyServiceAccount)
	return c
}

// anyServiceAccount finds each service account: whether a cluster has it is not simulated.
func anyServiceAccount(a clienttesting.Action) (bool, runtime.Object, error) {
	get, ok := a.(clienttesting.GetAction)
	if !ok {
		return false, nil, nil
	}
	return true, &corev1.ServiceAccount{ObjectMeta: metav1.ObjectMeta{Name: get.GetName(), Namespace: a.GetNamespace()}}, nil
}

// react stores objects as an API server does: it admits them, gives them an identity, and
// updates the caches.
func (c *cluster) react(tracker clienttesting.ObjectTracker) clienttesting.ReactionFunc {
	store := clienttesting.ObjectReaction(tracker)
	return func(action clienttesting.Action) (bool, runtime.Object, error) {
		resource := action.GetResource().Resource
		switch a := action.(type) {
		case clienttesting.CreateActionImpl:
			o, err := meta.Accessor(a.GetObject())
			if err != nil {
				return true, nil, err
			}
			if c.admit != nil && action.GetSubresource() == "" {
				if err := c.admit(a.GetObject()); err != nil {
					return true, nil, err
				}
			}
			c.created++
			if o.GetName() == "" {
				o.SetName(fmt.Sprintf("%s%05d", o.GetGenerateName(), c.created))
			}
			o.SetUID(types.UID(fmt.Sprintf("00000000-0000-4000-8000-%012d", c.created)))
			o.SetCreationTimestamp(metav1.NewTime(c.clock.Now()))
			c.date(nil, a.GetObject())
			return c.stored(store, action, nil)
		case clienttesting.UpdateActionImpl:
			o, err := meta.Accessor(a.GetObject())
			if err != nil {
				return true, nil, err
			}
			old, err := tracker.Get(a.GetResource(), o.GetNamespace(), o.GetName())
			if err != nil {
				return true, nil, err
			}
			c.date(old, a.GetObject())
			return c.stored(store, action, old)
		case clienttesting.PatchActionImpl:
			old, err := tracker.Get(a.GetResource(), a.GetNamespace(), a.GetName())
			if err != nil {
				return true, nil, err
			}
			return c.stored(store, action, old)
		case clienttesting.DeleteActionImpl:
			old, err := tracker.Get(a.GetResource(), a.GetNamespace(), a.GetName())
			if err != nil {
				return true, nil, err
			}
			done, o, err := store(action)
			if in := c.caches[resource]; in != nil && err == nil {
				err = in.Delete(old)
			}
			return done, o, err
		}
		return store(action)
	}
}

// stored does the action, and tells about it.
func (c *cluster) stored(store clienttesting.ReactionFunc, action clienttesting.Action, old runtime.Object) (bool, runtime.Object, error) {
	done, o, err := store(action)
	if err != nil || o == nil {
		return done, o, err
	}
	resource := action.GetResource().Resource
	m, err := meta.Accessor(o)
	if err != nil {
		return true, nil, err
	}
	if in := c.caches[resource]; in != nil {
		if err := in.Update(o.DeepCopyObject()); err != nil {
			return true, nil, err
		}
	}
	if c.changed != nil {
		c.changed(resource, m, old)
	}
	return done, o, err
}

// date replaces the times that Tekton's code takes from the real clock, which are those
// that the object did not have before.
func (c *cluster) date(old, o runtime.Object) {
	now := metav1.NewTime(c.clock.Now())
	switch o := o.(type) {
	case *v1.PipelineRun:
		before, _ := old.(*v1.PipelineRun)
		if o.Status.CompletionTime != nil && (before == nil || before.Status.CompletionTime == nil) {
			o.Status.CompletionTime = &now
		}
	case *v1.TaskRun:
		before, _ := old.(*v1.TaskRun)
		if before == nil {
			before = &v1.TaskRun{}
		}
		for i := len(before.Status.RetriesStatus); i < len(o.Status.RetriesStatus); i++ {
			o.Status.RetriesStatus[i].CompletionTime = &now
		}
		if o.Status.CompletionTime != nil && before.Status.CompletionTime == nil {
			o.Status.CompletionTime = &now
		}
		// Tekton would start it at its next look, with the time of the real clock.
		if !o.HasStarted() && !o.IsPending() && !o.IsDone() {
			o.Status.InitializeConditions()
			o.Status.StartTime = &now
		}
	}
}

// informer is a cache that is not connected to anything.
func informer(o runtime.Object) cache.SharedIndexInformer {
	return cache.NewSharedIndexInformer(nil, o, 0, cache.Indexers{cache.NamespaceIndex: cache.MetaNamespaceIndexFunc})
}
