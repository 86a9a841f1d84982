// Package web is the dashboard: server-rendered pages, one stylesheet and one small script
// of our own, everything embedded. It has exactly the API's powers and no second road to
// the data: whatever it shows or does goes through package client into the API's handler in
// this process, as the person who is logged in; see inside.go.
//
// How a page is added:
//
//  1. A file NAME.go with a value of type page (its path, template, role, what it reads),
//     and a line for it in places.go. A title puts it into the navigation.
//  2. templates/NAME.html, which defines "main"; it is shown a frame, and what the page's
//     read gave is its .Main. The functions of templates are in words.go.
//  3. What shall be live stands in elements with data-live="a name of its own", and the page
//     says live: true, and in asks what it reads of the address. The same read is then run once a second for all who watch, and the
//     script swaps these elements. So forms stand outside of them, or what is being typed
//     would be lost. Names that a script needs not swap may stand anywhere.
//  4. What a page does is a deed in places.go: a POST form below the page's path, its role,
//     and a function that calls the client. It answers with where to go and what to say.
//     Buttons stand within {{if .May "operator"}}; the API has the last word.
//  5. The content security policy forbids inline script and style: use classes, <meter>,
//     SVG attributes. Charts are data in data-chart attributes; see assets/dashboard.js.
//  6. A row in the table of places_test.go: the tests then hold policy, roles, escaping and
//     the live stream for the new page as well.
package web
