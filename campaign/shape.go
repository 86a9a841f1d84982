package campaign

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// maxColumns bounds the names that objects may have, all objects together.
const maxColumns = 256

// shape lays objects out as rows: each name is a column, and a column that is new goes
// to the end. So what is said of rows holds for objects as well.
type shape struct {
	campaign Campaign
	now      time.Time
	header   []string
	headers  map[string]int // folded header to column
	names    map[string]int // folded name of the campaign's to column
	mapping  mapping
	checker  *checker
	entry    entry // of the present row
}

func newShape(c Campaign, now time.Time) *shape {
	s := &shape{campaign: c, now: now, headers: map[string]int{}, names: map[string]int{}}
	for _, name := range c.columnNames() {
		header, _ := c.Recipients.header(name)
		column, known := s.headers[fold(header)]
		if !known {
			column = len(s.header)
			s.headers[fold(header)] = column
			s.header = append(s.header, header)
		}
		s.names[fold(name)] = column
	}
	s.learn()
	return s
}

// columnNames are all names that a campaign has a use for.
func (c Campaign) columnNames() []string {
	names := []string{destinationName, scheduledName}
	if c.Keyed() {
		names = append(names, keyName)
	}
	placeholders := c.Route.Placeholders()
	names = append(names, placeholders...)
	return append(names, c.Recipients.others(placeholders)...)
}

// learn follows a change of the header.
func (s *shape) learn() {
	s.mapping = s.campaign.mapHeader(s.header)
	s.checker = newChecker(s.campaign, s.mapping, s.now)
}

// cell is one name of an object with its value.
type cell struct {
	name, value string
	ours        bool // the name is the campaign's rather than a column's
}

// column finds the column of a cell, or adds it. The text says why it cannot.
func (s *shape) column(c cell) (column int, fault string) {
	folded := fold(c.name)
	first, second := s.headers, s.names
	if c.ours {
		first, second = second, first
	}
	if column, known := first[folded]; known {
		return column, ""
	}
	if column, known := second[folded]; known {
		return column, ""
	}
	if len(s.header) == maxColumns {
		return 0, fmt.Sprintf("%s is one name too many: want at most %d in all", show(c.name), maxColumns)
	}
	s.header = append(s.header, c.name)
	s.learn()
	if p := s.mapping.problems; len(p) > 0 {
		s.header = s.header[:len(s.header)-1]
		s.learn()
		return 0, p[0]
	}
	s.headers[folded] = len(s.header) - 1
	return len(s.header) - 1, ""
}

// lay makes a row's fields of cells.
func (s *shape) lay(cells []cell) (fields []string, fault string) {
	fields = make([]string, len(s.header), len(s.header)+len(cells))
	taken := make([]bool, len(s.header), cap(fields))
	for _, c := range cells {
		column, fault := s.column(c)
		if fault != "" {
			return fields, fault
		}
		if column == len(fields) {
			fields, taken = append(fields, ""), append(taken, false)
		}
		if taken[column] {
			return fields, show(c.name) + " is there twice, maybe in another spelling: want it once"
		}
		fields[column], taken[column] = c.value, true
	}
	return fields, ""
}

// judge makes a recipient of a row of cells, or says why not.
func (s *shape) judge(line int, cells []cell) (j judged) {
	fields, fault := s.lay(cells)
	if fault != "" {
		j.reject = &Reject{Line: line, Reason: UnreadableRow, Text: fault}
	} else {
		s.mapping.fill(&s.entry, fields)
		j.recipient, j.reject = s.checker.check(Row{Line: uint32(line), Digest: digestOf(cells)}, s.entry)
	}
	for _, reject := range []*Reject{j.reject, j.recipient.IfNew} {
		if reject != nil {
			reject.Fields = fields
		}
	}
	if j.reject == nil {
		j.recipient.Fields = fields
	}
	return j
}

// digestOf does not depend on the order of the cells, in which no two writers agree.
func digestOf(cells []cell) uint32 {
	sorted := slices.Clone(cells)
	slices.SortFunc(sorted, func(a, b cell) int { return strings.Compare(a.name, b.name) })
	fields := make([]string, 0, 2*len(sorted))
	for _, c := range sorted {
		fields = append(fields, c.name, c.value)
	}
	return digest(fields)
}
