/* SPDX-License-Identifier: MIT */
/*
 * Hidden lines of solids of planes, cylinders and cones. Open CASCADE's own removal compares all curves with each
 * other as curves, which takes seconds where two of them cover each other, as the edges of a cross hole do.
 *
 * Where an edge is seen can change only where it crosses another in the view, or ends on it. Between two such
 * places a point is seen unless a face lies between it and the eye: rays say so, one on either side of the
 * edge, for an edge right behind another is seen where that is. Should a crossing have been overlooked,
 * points of one piece differ, and the place is found by halving.
 */
#include <config.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <vector>

#include <BRepAdaptor_Curve.hxx>
#include <BRepAdaptor_Surface.hxx>
#include <BRepBndLib.hxx>
#include <BRepBuilderAPI_MakeEdge.hxx>
#include <BRepTools.hxx>
#include <BRepTopAdaptor_FClass2d.hxx>
#include <BRep_Tool.hxx>
#include <Bnd_Box.hxx>
#include <ElSLib.hxx>
#include <TopExp.hxx>
#include <TopExp_Explorer.hxx>
#include <TopTools_IndexedDataMapOfShapeListOfShape.hxx>
#include <TopoDS.hxx>
#include <TopoDS_Edge.hxx>
#include <gp_Cone.hxx>
#include <gp_Cylinder.hxx>
#include <gp_Pln.hxx>

#include "formats/solid/solid_private.hh"

static const double ASIDE = 1e-7; /* of the solid's size: from an edge to the rays beside it */
static const double BEFORE =
	1e-4; /* of the solid's size: what is nearer in front is the edge's own face */
static const double ON = 1e-9;        /* of the solid's size: curves that meet */
static const double EDGE_ON = 1e-7;   /* of a unit vector: faces that the eye looks along */
static const double PART_MIN = 1e-7;  /* of a curve: shorter pieces are none */
static const double CHORD_RAD = 0.15; /* of arcs, where crossings are looked for */
static const double BESIDE_RAD = 1e-6;
static const double NEAR_PARALLEL = 1e-3; /* sine: curves that cover each other rather than cross */
enum { SPLINE_CHORDS = 48, HALVINGS = 40, REFINE_STEPS = 8 };

namespace
{

struct point2 {
	double x, y;
};

struct face {
	BRepAdaptor_Surface surface;
	std::unique_ptr<BRepTopAdaptor_FClass2d> inside;
	double x0, y0, x1, y1, nearest; /* its box in the view; how far it comes to the eye */
};

/* An edge, or the silhouette of a face. */
struct curve {
	BRepAdaptor_Curve at;
	enum solid_edge edge;
	std::vector<double> t;
	std::vector<point2> chords;
	std::vector<double> splits;
	double x0, y0, x1, y1;
};

struct scene {
	gp_Vec right, up, toward; /* the eye */
	double size;
	std::vector<face> faces;
	std::vector<curve> curves;
};

double cross(point2 a, point2 b)
{
	return a.x * b.y - a.y * b.x;
}

point2 minus(point2 a, point2 b)
{
	return {a.x - b.x, a.y - b.y};
}

point2 seen(const scene &s, const gp_Pnt &p)
{
	gp_Vec v(p.XYZ());

	return {v.Dot(s.right), v.Dot(s.up)};
}

/* --- faces ------------------------------------------------------------------------------------ */

bool add_face(scene *s, const TopoDS_Face &shape)
{
	face f = {BRepAdaptor_Surface(shape),
		  nullptr,
		  INFINITY,
		  INFINITY,
		  -INFINITY,
		  -INFINITY,
		  -INFINITY};
	Bnd_Box box;
	double c[6];

	if (f.surface.GetType() != GeomAbs_Plane && f.surface.GetType() != GeomAbs_Cylinder &&
	    f.surface.GetType() != GeomAbs_Cone)
		return false;
	f.inside.reset(new BRepTopAdaptor_FClass2d(shape, ON * s->size));
	BRepBndLib::Add(shape, box, Standard_False);
	box.Get(c[0], c[1], c[2], c[3], c[4], c[5]);
	for (int i = 0; i < 8; i++) {
		gp_Pnt corner(c[i & 1 ? 3 : 0], c[i & 2 ? 4 : 1], c[i & 4 ? 5 : 2]);
		point2 p = seen(*s, corner);

		f.x0 = std::min(f.x0, p.x);
		f.x1 = std::max(f.x1, p.x);
		f.y0 = std::min(f.y0, p.y);
		f.y1 = std::max(f.y1, p.y);
		f.nearest = std::max(f.nearest, gp_Vec(corner.XYZ()).Dot(s->toward));
	}
	s->faces.push_back(std::move(f));
	return true;
}

bool is_inside(const face &f, double u, double v)
{
	return f.inside->Perform(gp_Pnt2d(u, v)) == TopAbs_IN;
}

/* Where the face meets itself, too. */
bool is_inside_beside(const face &f, double u, double v)
{
	return is_inside(f, u - BESIDE_RAD, v) || is_inside(f, u + BESIDE_RAD, v);
}

/* The t with a t^2 + 2 b t + c = 0, where they are two. */
int roots(double a, double b, double c, double t[2])
{
	double root = b * b - a * c;

	if (root <= 0)
		return 0;
	t[0] = (-b - std::sqrt(root)) / a;
	t[1] = (-b + std::sqrt(root)) / a;
	return 2;
}

int meet_cylinder(const scene &s, const gp_Cylinder &cylinder, const gp_Pnt &from, double far[2])
{
	gp_Vec axis(cylinder.Axis().Direction()), o(cylinder.Location(), from);
	gp_Vec d = s.toward - axis * s.toward.Dot(axis);
	double a = d.SquareMagnitude();

	o -= axis * o.Dot(axis);
	return a < EDGE_ON * EDGE_ON
		       ? 0
		       : roots(a, o.Dot(d), o.SquareMagnitude() - std::pow(cylinder.Radius(), 2),
			       far);
}

/* From the tip p is on the cone, or on the one behind the tip, where (p axis)^2 = cos^2 p^2. A ray along a
 * generator meets it once. */
int meet_cone(const scene &s, const gp_Cone &cone, const gp_Pnt &from, double far[2])
{
	gp_Vec axis(cone.Axis().Direction()), o(cone.Apex(), from);
	double square = std::pow(std::cos(cone.SemiAngle()), 2);
	double da = s.toward.Dot(axis), oa = o.Dot(axis);
	double a = da * da - square, b = da * oa - square * s.toward.Dot(o);
	double c = oa * oa - square * o.SquareMagnitude();

	if (std::fabs(a) >= EDGE_ON)
		return roots(a, b, c, far);
	if (std::fabs(b) < EDGE_ON * s.size)
		return 0;
	far[0] = -c / (2 * b);
	return 1;
}

/* How far from the point the ray meets the surface: as many distances. */
int meet(const scene &s, const face &f, const gp_Pnt &from, double far[2])
{
	if (f.surface.GetType() == GeomAbs_Plane) {
		gp_Ax1 normal = f.surface.Plane().Axis();
		double slope = s.toward.Dot(gp_Vec(normal.Direction()));

		if (std::fabs(slope) < EDGE_ON)
			return 0;
		far[0] = gp_Vec(from, normal.Location()).Dot(gp_Vec(normal.Direction())) / slope;
		return 1;
	}
	return f.surface.GetType() == GeomAbs_Cone
		       ? meet_cone(s, f.surface.Cone(), from, far)
		       : meet_cylinder(s, f.surface.Cylinder(), from, far);
}

/* Where the surface has the point. */
void parameters(const BRepAdaptor_Surface &surface, const gp_Pnt &p, double *u, double *v)
{
	if (surface.GetType() == GeomAbs_Plane)
		ElSLib::Parameters(surface.Plane(), p, *u, *v);
	else if (surface.GetType() == GeomAbs_Cone)
		ElSLib::Parameters(surface.Cone(), p, *u, *v);
	else
		ElSLib::Parameters(surface.Cylinder(), p, *u, *v);
}

bool hides(const scene &s, const face &f, const gp_Pnt &from)
{
	double far[2];

	for (int n = meet(s, f, from, far), i = 0; i < n; i++) {
		gp_Pnt hit = from.Translated(s.toward * far[i]);
		double u, v;

		if (far[i] < BEFORE * s.size)
			continue;
		parameters(f.surface, hit, &u, &v);
		if (is_inside(f, u, v))
			return true;
	}
	return false;
}

bool is_free(const scene &s, const gp_Pnt &from)
{
	point2 p = seen(s, from);
	double depth = gp_Vec(from.XYZ()).Dot(s.toward);

	for (const face &f : s.faces)
		if (p.x >= f.x0 && p.x <= f.x1 && p.y >= f.y0 && p.y <= f.y1 &&
		    f.nearest > depth + BEFORE * s.size && hides(s, f, from))
			return false;
	return true;
}

/* --- curves ----------------------------------------------------------------------------------- */

int chords_of(const BRepAdaptor_Curve &c)
{
	double turn = c.LastParameter() - c.FirstParameter();

	if (c.GetType() == GeomAbs_Line)
		return 1;
	if (c.GetType() == GeomAbs_Circle || c.GetType() == GeomAbs_Ellipse)
		return (int)std::ceil(turn / CHORD_RAD) + 1;
	return SPLINE_CHORDS;
}

void add_curve(scene *s, const TopoDS_Edge &edge, enum solid_edge kind)
{
	curve c = {BRepAdaptor_Curve(edge),
		   kind,
		   {},
		   {},
		   {},
		   INFINITY,
		   INFINITY,
		   -INFINITY,
		   -INFINITY};
	double t0 = c.at.FirstParameter(), t1 = c.at.LastParameter();
	int n = chords_of(c.at);

	for (int i = 0; i <= n; i++) {
		double t = t0 + (t1 - t0) * i / n;
		point2 p = seen(*s, c.at.Value(t));

		c.t.push_back(t);
		c.chords.push_back(p);
		c.x0 = std::min(c.x0, p.x);
		c.x1 = std::max(c.x1, p.x);
		c.y0 = std::min(c.y0, p.y);
		c.y1 = std::max(c.y1, p.y);
	}
	c.splits = {t0, t1};
	s->curves.push_back(std::move(c));
}

gp_Vec normal_at(const BRepAdaptor_Surface &surface, const gp_Pnt &p)
{
	double u, v;
	gp_Pnt at;
	gp_Vec du, dv;

	parameters(surface, p, &u, &v);
	surface.D1(u, v, at, du, dv);
	return du.Crossed(dv).Normalized();
}

/* Where two faces go on in each other and the eye looks along both, the part ends for it. */
enum solid_edge kind_of(const scene &s, const TopoDS_Edge &edge, const TopTools_ListOfShape &sides)
{
	if (sides.Extent() != 2)
		return SOLID_SHARP;
	TopoDS_Face a = TopoDS::Face(sides.First()), b = TopoDS::Face(sides.Last());

	if (!BRep_Tool::HasContinuity(edge, a, b) || BRep_Tool::Continuity(edge, a, b) < GeomAbs_G1)
		return SOLID_SHARP;
	BRepAdaptor_Curve c(edge);
	gp_Pnt middle = c.Value((c.FirstParameter() + c.LastParameter()) / 2);

	if (std::fabs(normal_at(BRepAdaptor_Surface(a), middle).Dot(s.toward)) < EDGE_ON)
		return SOLID_OUTLINE;
	return SOLID_SMOOTH;
}

void add_edges(scene *s, const TopoDS_Shape &shape)
{
	TopTools_IndexedDataMapOfShapeListOfShape edges;

	TopExp::MapShapesAndAncestors(shape, TopAbs_EDGE, TopAbs_FACE, edges);
	for (int i = 1; i <= edges.Extent(); i++) {
		TopoDS_Edge edge = TopoDS::Edge(edges.FindKey(i));
		const TopTools_ListOfShape &sides = edges(i);

		if (BRep_Tool::Degenerated(edge) ||
		    BRep_Tool::IsClosed(edge, TopoDS::Face(sides.First())))
			continue;
		add_curve(s, edge, kind_of(*s, edge, sides));
	}
}

/* --- silhouettes ------------------------------------------------------------------------------ */

/* Of a cylinder or a cone: a line on it where the eye looks along it. */
struct generator {
	gp_Pnt foot; /* where v is 0 */
	gp_Vec way;  /* along it, as far as v says */
	gp_Vec side; /* square to it, on the surface */
	double u;
};

/* Where along the generator an edge of the face crosses it. */
void add_crossings(const generator &g, const TopoDS_Edge &edge, std::vector<double> *v)
{
	BRepAdaptor_Curve c(edge);
	int n = 2 * chords_of(c);
	auto aside = [&](double t) { return gp_Vec(g.foot, c.Value(t)).Dot(g.side); };
	double t0 = c.FirstParameter(), t1 = c.LastParameter(), before = t0, was = aside(t0);

	v->push_back(gp_Vec(g.foot, c.Value(t0)).Dot(g.way));
	v->push_back(gp_Vec(g.foot, c.Value(t1)).Dot(g.way));
	for (int i = 1; i <= n; i++) {
		double t = t0 + (t1 - t0) * i / n, is = aside(t);

		if (is == 0)
			v->push_back(gp_Vec(g.foot, c.Value(t)).Dot(g.way));
		if (was * is < 0) {
			double lo = before, hi = t;

			for (int k = 0; k < HALVINGS; k++)
				(aside((lo + hi) / 2) * was < 0 ? hi : lo) = (lo + hi) / 2;
			v->push_back(gp_Vec(g.foot, c.Value(lo)).Dot(g.way));
		}
		before = t;
		was = is;
	}
}

void add_silhouette(scene *s, const face &f, const TopoDS_Face &shape, const generator &g)
{
	std::vector<double> v;

	for (TopExp_Explorer it(shape, TopAbs_EDGE); it.More(); it.Next()) {
		TopoDS_Edge edge = TopoDS::Edge(it.Current());

		if (!BRep_Tool::Degenerated(edge))
			add_crossings(g, edge, &v);
		else /* the tip */
			v.push_back(gp_Vec(g.foot, BRep_Tool::Pnt(TopExp::FirstVertex(edge)))
					    .Dot(g.way));
	}
	std::sort(v.begin(), v.end());
	for (size_t i = 0; i + 1 < v.size(); i++) {
		if (v[i + 1] - v[i] < ON * s->size ||
		    !is_inside_beside(f, g.u, (v[i] + v[i + 1]) / 2))
			continue;
		add_curve(s, BRepBuilderAPI_MakeEdge(gp_Lin(g.foot, gp_Dir(g.way)), v[i], v[i + 1]),
			  SOLID_OUTLINE);
	}
}

generator generator_at(const BRepAdaptor_Surface &surface, const gp_Ax3 &axes, double u)
{
	generator g = {{},
		       {},
		       std::cos(u) * gp_Vec(axes.YDirection()) -
			       std::sin(u) * gp_Vec(axes.XDirection()),
		       u};
	gp_Vec du;

	surface.D1(u, 0, g.foot, du, g.way);
	return g;
}

/* The normal at u, cos a (cos u X + sin u Y) - sin a Z where a is half the angle of a cone and 0 of a cylinder,
 * is square to the ray where cos (u - middle) is as large as `along` says. */
void add_silhouettes(scene *s, const face &f, const TopoDS_Face &shape)
{
	bool cone = f.surface.GetType() == GeomAbs_Cone;
	gp_Ax3 axes = cone ? f.surface.Cone().Position() : f.surface.Cylinder().Position();
	double x = s->toward.Dot(gp_Vec(axes.XDirection()));
	double y = s->toward.Dot(gp_Vec(axes.YDirection()));
	double z = s->toward.Dot(gp_Vec(axes.Direction()));
	double along = cone ? std::tan(f.surface.Cone().SemiAngle()) * z : 0, middle, half;

	if (std::hypot(x, y) < EDGE_ON || std::fabs(along) > (1 - EDGE_ON) * std::hypot(x, y))
		return;
	middle = std::atan2(y, x);
	half = std::acos(along / std::hypot(x, y));
	add_silhouette(s, f, shape, generator_at(f.surface, axes, middle - half));
	add_silhouette(s, f, shape, generator_at(f.surface, axes, middle + half));
}

void add_silhouettes(scene *s, const TopoDS_Shape &shape)
{
	size_t i = 0;

	for (TopExp_Explorer it(shape, TopAbs_FACE); it.More(); it.Next(), i++)
		if (s->faces[i].surface.GetType() != GeomAbs_Plane)
			add_silhouettes(s, s->faces[i], TopoDS::Face(it.Current()));
}

/* --- where curves cross ------------------------------------------------------------------------- */

void split(curve *c, double t)
{
	if (t > c->at.FirstParameter() && t < c->at.LastParameter())
		c->splits.push_back(t);
}

/* Steps from a nearby crossing to the place itself; curves that only cover each other cross nowhere. */
void refine(const scene &s, curve *a, double t, curve *b, double u)
{
	for (int i = 0; i < REFINE_STEPS; i++) {
		gp_Pnt p, q;
		gp_Vec dp, dq;

		a->at.D1(t, p, dp);
		b->at.D1(u, q, dq);
		point2 off = minus(seen(s, q), seen(s, p));
		point2 va = {dp.Dot(s.right), dp.Dot(s.up)}, vb = {dq.Dot(s.right), dq.Dot(s.up)};
		double det = cross(va, vb);

		if (std::fabs(det) <
		    NEAR_PARALLEL * std::hypot(va.x, va.y) * std::hypot(vb.x, vb.y))
			return;
		t += cross(off, vb) / det;
		u += cross(off, va) / det;
		if (std::hypot(off.x, off.y) < ON * s.size) {
			split(a, t);
			split(b, u);
			return;
		}
	}
}

void cross_chords(const scene &s, curve *a, size_t i, curve *b, size_t k)
{
	point2 p = a->chords[i], q = b->chords[k];
	point2 va = minus(a->chords[i + 1], p), vb = minus(b->chords[k + 1], q), off = minus(q, p);
	double det = cross(va, vb), t, u, slack = 0.05;

	if (det == 0)
		return;
	t = cross(off, vb) / det;
	u = cross(off, va) / det;
	if (t < -slack || t > 1 + slack || u < -slack || u > 1 + slack)
		return;
	refine(s, a, a->t[i] + t * (a->t[i + 1] - a->t[i]), b,
	       b->t[k] + u * (b->t[k + 1] - b->t[k]));
}

/* Splits a where the point lies on it, near one of its chords. */
void touch(const scene &s, curve *a, point2 p)
{
	for (size_t i = 0; i + 1 < a->chords.size(); i++) {
		point2 v = minus(a->chords[i + 1], a->chords[i]), w = minus(p, a->chords[i]);
		double length = v.x * v.x + v.y * v.y, share, t;

		if (length == 0)
			continue;
		share = (v.x * w.x + v.y * w.y) / length;
		if (share < -0.1 || share > 1.1 || std::fabs(cross(v, w)) > 0.1 * length)
			continue;
		t = a->t[i] + share * (a->t[i + 1] - a->t[i]);
		for (int k = 0; k < 6; k++) {
			gp_Pnt at;
			gp_Vec d;

			a->at.D1(t, at, d);
			point2 off = minus(p, seen(s, at)), dir = {d.Dot(s.right), d.Dot(s.up)};
			double square = dir.x * dir.x + dir.y * dir.y;

			if (square == 0)
				break;
			t += (off.x * dir.x + off.y * dir.y) / square;
		}
		if (t < a->at.FirstParameter() || t > a->at.LastParameter())
			continue;
		point2 off = minus(p, seen(s, a->at.Value(t)));
		if (std::hypot(off.x, off.y) < 1e-6 * s.size)
			split(a, t);
	}
}

void cross_curves(const scene &s, curve *a, curve *b)
{
	double slack = 0.05 * std::max(std::max(a->x1 - a->x0, a->y1 - a->y0),
				       std::max(b->x1 - b->x0, b->y1 - b->y0));

	if (a->x0 > b->x1 + slack || b->x0 > a->x1 + slack || a->y0 > b->y1 + slack ||
	    b->y0 > a->y1 + slack)
		return;
	for (size_t i = 0; i + 1 < a->chords.size(); i++)
		for (size_t k = 0; k + 1 < b->chords.size(); k++)
			cross_chords(s, a, i, b, k);
	touch(s, a, b->chords.front());
	touch(s, a, b->chords.back());
	touch(s, b, a->chords.front());
	touch(s, b, a->chords.back());
}

/* --- what is seen ------------------------------------------------------------------------------- */

bool is_seen(const scene &s, const curve &c, double t)
{
	gp_Pnt p;
	gp_Vec d;

	c.at.D1(t, p, d);
	gp_Vec side = s.up * d.Dot(s.right) - s.right * d.Dot(s.up);

	if (side.Magnitude() < EDGE_ON * d.Magnitude())
		return is_free(s, p);
	side *= ASIDE * s.size / side.Magnitude();
	return is_free(s, p.Translated(side)) || is_free(s, p.Translated(-side));
}

/* Pieces of a curve one after the other; those that are seen alike, or are not, are one. */
struct emitter {
	const scene &s;
	const curve &c;
	const solid_piece_sink &sink;
	double from, to;
	bool visible, any;

	void add(double t0, double t1, bool is)
	{
		if (any && is == visible) {
			to = t1;
			return;
		}
		flush();
		from = t0;
		to = t1;
		visible = is;
		any = true;
	}

	void flush()
	{
		if (any)
			sink(c.at, from, to, c.edge, visible);
		any = false;
	}

	/* At a it is seen or not, at b it is the other way. */
	void halve(double a, double b, bool seen_a, double t0, double t1)
	{
		for (int i = 0; i < HALVINGS; i++)
			(is_seen(s, c, (a + b) / 2) == seen_a ? a : b) = (a + b) / 2;
		add(t0, a, seen_a);
		add(a, t1, !seen_a);
	}

	void piece(double t0, double t1)
	{
		double a = t0 + 0.23 * (t1 - t0), b = t0 + 0.71 * (t1 - t0);
		bool seen_a = is_seen(s, c, a), seen_b = is_seen(s, c, b);

		if (seen_a == seen_b)
			add(t0, t1, seen_a);
		else
			halve(a, b, seen_a, t0, t1);
	}
};

void emit_curve(const scene &s, curve *c, const solid_piece_sink &sink)
{
	double length = c->at.LastParameter() - c->at.FirstParameter(), from;
	emitter e = {s, *c, sink, 0, 0, false, false};

	std::sort(c->splits.begin(), c->splits.end());
	from = c->splits.front();
	for (double t : c->splits) {
		if (t - from < PART_MIN * length)
			continue;
		e.piece(from, t);
		from = t;
	}
	e.flush();
}

} /* namespace */

bool solid_hidden(const TopoDS_Shape &shape, const gp_Vec &right, const gp_Vec &up,
		  const gp_Vec &toward, double size_mm, const solid_piece_sink &sink)
{
	scene s = {right, up, toward, size_mm, {}, {}};

	for (TopExp_Explorer it(shape, TopAbs_FACE); it.More(); it.Next())
		if (!add_face(&s, TopoDS::Face(it.Current())))
			return false;
	add_edges(&s, shape);
	add_silhouettes(&s, shape);
	for (size_t i = 0; i < s.curves.size(); i++)
		for (size_t k = i + 1; k < s.curves.size(); k++)
			cross_curves(s, &s.curves[i], &s.curves[k]);
	for (curve &c : s.curves)
		emit_curve(s, &c, sink);
	return true;
}
