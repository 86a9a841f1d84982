package api

import (
	"maps"
	"net/http"
	"slices"
	"strings"
)

// route is one thing that can be asked for.
type route struct {
	method, path string // method "": any
	role         Role
	serve        func(*Server, http.ResponseWriter, *http.Request, Caller) error
}

// routes is all that is served, but for what Options.Mounts adds.
var routes = []route{
	{"POST", "/callbacks/{account}/{secret}", Anyone, (*Server).callback},
	{"GET", "/callbacks/{account}/{secret}", Anyone, (*Server).callback},
	{"POST", "/callbacks/{account}/{$}", Anyone, (*Server).callback}, // the secret was forgotten: refused, and told
	{"GET", "/callbacks/{account}/{$}", Anyone, (*Server).callback},
	{"POST", "/callbacks/{account}", Anyone, (*Server).callback},
	{"GET", "/callbacks/{account}", Anyone, (*Server).callback},

	{"POST", "/v1/campaigns", Operator, (*Server).createCampaign},
	{"GET", "/v1/campaigns", Viewer, (*Server).listCampaigns},
	{"GET", "/v1/campaigns/{id}", Viewer, (*Server).showCampaign},
	{"PATCH", "/v1/campaigns/{id}", Operator, (*Server).patchCampaign},
	{"GET", "/v1/campaigns/{id}/flow", Viewer, (*Server).showFlow},
	{"GET", "/v1/campaigns/{id}/file", Viewer, (*Server).showFile},
	{"GET", "/v1/campaigns/{id}/imports", Viewer, (*Server).showImports},
	{"GET", "/v1/campaigns/{id}/messages", Viewer, (*Server).listMessages},
	{"GET", "/v1/campaigns/{id}/failures", Viewer, (*Server).countFailures},
	{"GET", "/v1/campaigns/{id}/export", Viewer, (*Server).exportCampaign},
	{"POST", "/v1/campaigns/{id}/recipients", Operator, (*Server).importRecipients},
	{"GET", "/v1/campaigns/{id}/rejects", Operator, (*Server).showRejects}, // they hold whole rows
	{"POST", "/v1/campaigns/{id}/start", Operator, (*Server).startCampaign},
	{"POST", "/v1/campaigns/{id}/resume", Operator, (*Server).resumeCampaign},
	{"POST", "/v1/campaigns/{id}/pause", Operator, (*Server).pauseCampaign},
	{"POST", "/v1/campaigns/{id}/retry", Operator, (*Server).retryCampaign},
	{"POST", "/v1/campaigns/{id}/cancel", Operator, (*Server).cancelCampaign},
	{"POST", "/v1/drafts", Operator, (*Server).createDraft},
	{"GET", "/v1/drafts", Operator, (*Server).listDrafts},
	{"GET", "/v1/drafts/{draft}", Operator, (*Server).showDraft}, // it holds some people's values
	{"POST", "/v1/drafts/{draft}", Operator, (*Server).changeDraft},
	{"POST", "/v1/drafts/{draft}/recipients", Operator, (*Server).keepRecipients},
	{"GET", "/v1/drafts/{draft}/rejects", Operator, (*Server).showDraftRejects},
	{"POST", "/v1/drafts/{draft}/test", Operator, (*Server).testDraft},
	{"POST", "/v1/drafts/{draft}/enter", Operator, (*Server).enterDraft},
	{"POST", "/v1/drafts/{draft}/drop", Operator, (*Server).dropDraft},
	{"POST", "/v1/messages", Operator, (*Server).postMessages},
	{"POST", findMessagesPath, Operator, (*Server).findMessages},
	{"GET", "/v1/messages/{id}", Viewer, (*Server).showMessage},
	{"GET", "/v1/lanes", Viewer, (*Server).listLanes},
	{"GET", "/v1/queues", Viewer, (*Server).listQueues},
	{"GET", "/v1/workers", Viewer, (*Server).listWorkers},
	{"POST", "/v1/lanes/{lane}/pause", Operator, (*Server).pauseLane},
	{"POST", "/v1/lanes/{lane}/resume", Operator, (*Server).resumeLane},
	{"POST", "/v1/lanes/{lane}/go-on", Operator, (*Server).goOn},
	{"POST", "/v1/accounts/{account}/pause", Operator, (*Server).pauseAccount},
	{"POST", "/v1/accounts/{account}/resume", Operator, (*Server).resumeAccount},
	{"POST", "/v1/stop", Operator, (*Server).stopEverything},
	{"POST", "/v1/resume", Operator, (*Server).resumeEverything},
	{"GET", "/v1/suppressions", Viewer, (*Server).countSuppressions},
	{"POST", "/v1/suppressions", Operator, (*Server).addSuppressions},
	{"POST", checkSuppressionsPath, Operator, (*Server).checkSuppressions},
	{"POST", "/v1/suppressions/remove", Operator, (*Server).removeSuppressions},
	{"POST", erasePath, Admin, (*Server).erasePerson},
	{"GET", "/v1/webhooks", Viewer, (*Server).listWebhooks},
	{"POST", "/v1/webhooks/{webhook}/redeliver", Operator, (*Server).redeliver},
	{"GET", "/v1/audit", Viewer, (*Server).listDeeds},

	{"GET", "/openapi.json", Anyone, (*Server).openAPI},
	{"GET", "/livez", Anyone, (*Server).livez},
	{"GET", "/readyz", Anyone, (*Server).readyz},
}

// What is asked by POST, so that no number stands in a URL, and changes nothing.
const (
	findMessagesPath      = "/v1/messages/find"
	checkSuppressionsPath = "/v1/suppressions/check"
)

const erasePath = "/v1/people/erase"

// asks says whether a route only asks.
func (rt route) asks() bool {
	changes := rt.method == http.MethodPost || rt.method == http.MethodPatch
	return !changes || rt.path == checkSuppressionsPath || rt.path == findMessagesPath
}

// Mount is a handler of another's that is served beside the routes.
type Mount struct {
	Path    string // a pattern of http.ServeMux without a method, as "/metrics" or "/queues/"
	Role    Role   // who may; Anyone: no token is asked for
	Handler http.Handler
}

func (m Mount) route() route {
	return route{path: m.Path, role: m.Role, serve: func(_ *Server, w http.ResponseWriter, r *http.Request, _ Caller) error {
		m.Handler.ServeHTTP(w, r)
		return nil
	}}
}

// endpoint is what one path serves, by method.
type endpoint struct {
	*Server
	methods map[string]route
}

// mux lays the routes out. What lies below our own paths and is no route answers 404
// even where a mount takes everything else.
func (s *Server) mux(mounts []Mount) *http.ServeMux {
	all := slices.Clone(routes)
	for _, m := range mounts {
		all = append(all, m.route())
	}
	for _, path := range []string{"/v1/", "/callbacks/", "/"} {
		if !slices.ContainsFunc(mounts, func(m Mount) bool { return m.Path == path }) {
			all = append(all, route{path: path, role: Anyone, serve: (*Server).nothing})
		}
	}
	byPath := map[string]endpoint{}
	for _, rt := range all {
		if _, known := byPath[rt.path]; !known {
			byPath[rt.path] = endpoint{s, map[string]route{}}
		}
		byPath[rt.path].methods[rt.method] = rt
	}
	mux := http.NewServeMux()
	for path, e := range byPath {
		mux.Handle(path, e)
	}
	return mux
}

func (s *Server) nothing(http.ResponseWriter, *http.Request, Caller) error {
	return notFound.because("")
}

// find gives the route for a method.
func (e endpoint) find(method string) (rt route, found bool) {
	if rt, found = e.methods[method]; !found && method == http.MethodHead {
		rt, found = e.methods[http.MethodGet]
	}
	if !found {
		rt, found = e.methods[""]
	}
	return rt, found
}

func (e endpoint) allowed() string {
	return strings.Join(slices.Sorted(maps.Keys(e.methods)), ", ")
}

// ServeHTTP finds the route, lets the caller in, serves, and notes what came of it.
func (e endpoint) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	v := visit{began: e.now(), request: requestID(r), out: recorder{ResponseWriter: w}}
	v.out.Header().Set("X-Request-Id", v.request)
	if v.err = e.serve(&v, r); v.err != nil && v.out.status == 0 {
		v.problem = e.problem(v.err)
		v.problem.RequestID = v.request
		refuse(&v.out, v.problem)
	}
	e.note(r, &v)
	if v.broken() {
		panic(http.ErrAbortHandler) // the answer has begun: cut it off, so that it does not pass for whole
	}
}

func (e endpoint) serve(v *visit, r *http.Request) (err error) {
	rt, found := e.find(r.Method)
	v.mounted = found && rt.method == ""
	if v.role = rt.role; !found {
		v.role = Anyone
		v.out.Header().Set("Allow", e.allowed())
		return notAllowed.because("use " + e.allowed())
	}
	if rt.role > Anyone {
		if v.by, err = e.guard.admit(r, rt.role); err != nil {
			return err
		}
	}
	if rt.isDeed() {
		v.begin(r, rt)
	}
	serve := func(w http.ResponseWriter, r *http.Request) error {
		err := rt.serve(e.Server, w, r, v.by)
		if v.by.deed != nil {
			e.journalise(r, v.by.deed, err)
		}
		return err
	}
	if e.repeatable(r, rt) {
		return e.once(&v.out, r, v.by, serve)
	}
	return serve(&v.out, r)
}
