/* SPDX-License-Identifier: MIT */
/*
 * Views: which parts of which edges are seen comes from solid_hidden.cc, or, where there are other faces than
 * planes, cylinders and cones, from Open CASCADE's exact hidden-line removal (HLRBRep_Algo), as pieces of the curves
 * in space; these are projected here, because its own projection approximates circles seen edge-on by splines.
 *
 * A circle or ellipse c + a cos t + b sin t stays one when c, a and b are projected; turning t so that a
 * and b are perpendicular gives the axes. Other curves are tried as lines and circles, which they may
 * be in this view only, as the edge of a hole in a cylinder is; what is neither becomes cubic Bezier curves
 * with the curve's points and tangents, halved until they lie on it.
 */
#include <config.h>

#include <cmath>
#include <utility>
#include <vector>

#include <BRepAdaptor_Curve.hxx>
#include <BRepBndLib.hxx>
#include <Bnd_Box.hxx>
#include <HLRAlgo_Projector.hxx>
#include <HLRBRep_Algo.hxx>
#include <HLRBRep_HLRToShape.hxx>
#include <TColStd_Array1OfReal.hxx>
#include <TopExp_Explorer.hxx>
#include <TopoDS.hxx>
#include <gp_Circ.hxx>
#include <gp_Elips.hxx>

#include "formats/solid/solid_private.hh"

static const double FLAT = 1e-6;          /* of a length: what is no wider is a line */
static const double SAME = 1e-6;          /* of the view: what is no farther off is on the curve */
static const double FARTHEST_CENTRE = 10; /* radii over that many views are not looked for */
static const double WRAP_RAD = 1e-6;      /* to a whole turn */
static const size_t SAMPLES = 32;
enum { HALVINGS_MAX = 8, NARROWINGS = 60 };

struct view {
	gp_Vec right, up;
	double size; /* m */
	std::vector<struct solid_curve> curves;
	struct arena *arena;
};

struct piece {
	enum solid_edge edge;
	bool visible;
};

static struct vec flat(const struct view *view, const gp_Vec &v)
{
	return vec(v.Dot(view->right) / SOLID_MM, v.Dot(view->up) / SOLID_MM);
}

static struct vec flat_point(const struct view *view, const BRepAdaptor_Curve &curve, double t)
{
	return flat(view, gp_Vec(curve.Value(t).XYZ()));
}

static struct solid_curve curve_of(struct piece piece)
{
	struct solid_curve curve = {};

	curve.edge = piece.edge;
	curve.visible = piece.visible;
	return curve;
}

static void add_line(struct view *view, struct piece piece, struct vec a, struct vec b)
{
	struct solid_curve curve = curve_of(piece);

	curve.seg.kind = SEG_LINE;
	curve.seg.a = a;
	curve.seg.b = b;
	view->curves.push_back(curve);
}

static void add_arc(struct view *view, struct piece piece, struct vec centre, double rx, double ry,
		    double rotation, double from, double sweep)
{
	struct solid_curve curve = curve_of(piece);

	curve.seg.kind = SEG_ARC;
	curve.seg.centre = centre;
	curve.seg.rx = rx;
	curve.seg.ry = ry;
	curve.seg.rotation = rotation;
	curve.seg.from = from;
	curve.seg.sweep = sweep;
	curve.seg.a = seg_point(&curve.seg, 0);
	curve.seg.b = seg_point(&curve.seg, 1);
	view->curves.push_back(curve);
}

/* c + a cos t for t from t0 to t1: to and fro, but the ends where it turns are in it or not. */
static void add_edge_on(struct view *view, struct piece piece, struct vec c, struct vec a,
			double t0, double t1)
{
	double lo = min2(std::cos(t0), std::cos(t1)), hi = max2(std::cos(t0), std::cos(t1));

	for (double k = std::ceil(t0 / M_PI); k * M_PI < t1; k++) {
		lo = min2(lo, std::fmod(k, 2) == 0 ? 1 : -1);
		hi = max2(hi, std::fmod(k, 2) == 0 ? 1 : -1);
	}
	add_line(view, piece, vec_add(c, vec_scale(a, lo)), vec_add(c, vec_scale(a, hi)));
}

static void add_conic(struct view *view, struct piece piece, struct vec c, struct vec a,
		      struct vec b, double t0, double t1)
{
	double shift = std::atan2(2 * vec_dot(a, b), vec_dot(a, a) - vec_dot(b, b)) / 2;
	struct vec major = vec_add(vec_scale(a, std::cos(shift)), vec_scale(b, std::sin(shift)));
	struct vec minor = vec_sub(vec_scale(b, std::cos(shift)), vec_scale(a, std::sin(shift)));
	double rx = vec_length(major), ry = vec_length(minor);
	double way = vec_cross(major, minor) > 0 ? 1 : -1;

	if (ry <= FLAT * rx)
		add_edge_on(view, piece, c, major, t0 - shift, t1 - shift);
	else if (rx - ry <= FLAT * rx)
		add_arc(view, piece, c, rx, rx, 0,
			std::atan2(major.y, major.x) + way * (t0 - shift), way * (t1 - t0));
	else
		add_arc(view, piece, c, rx, ry, std::atan2(major.y, major.x), way * (t0 - shift),
			way * (t1 - t0));
}

static void add_circle(struct view *view, struct piece piece, const gp_Ax2 &axes, double rx,
		       double ry, double t0, double t1)
{
	add_conic(view, piece, flat(view, gp_Vec(axes.Location().XYZ())),
		  flat(view, rx * gp_Vec(axes.XDirection())),
		  flat(view, ry * gp_Vec(axes.YDirection())), t0, t1);
}

/* A curve in the view: where it is at t, and how far along something that is. */
struct flat_curve {
	const struct view *view;
	const BRepAdaptor_Curve *curve;
	double t0, t1;
	std::vector<struct vec> points; /* at equal steps */
};

static double t_of(const struct flat_curve *f, size_t i)
{
	return f->t0 + (f->t1 - f->t0) * (double)i / SAMPLES;
}

/* The largest of what `along` says of its points; it may turn back between two of them. */
template <typename Along> static double farthest(const struct flat_curve *f, Along along)
{
	size_t best = 0;

	for (size_t i = 1; i < f->points.size(); i++)
		if (along(f->points[i]) > along(f->points[best]))
			best = i;
	double lo = t_of(f, best ? best - 1 : 0), hi = t_of(f, best < SAMPLES ? best + 1 : SAMPLES);

	for (int i = 0; i < NARROWINGS; i++) {
		double a = lo + (hi - lo) / 3, b = hi - (hi - lo) / 3;

		if (along(flat_point(f->view, *f->curve, a)) <
		    along(flat_point(f->view, *f->curve, b)))
			lo = a;
		else
			hi = b;
	}
	return max2(along(f->points[best]), along(flat_point(f->view, *f->curve, (lo + hi) / 2)));
}

/* A curve may go to and fro in the view. */
static bool try_line(struct view *view, struct piece piece, const struct flat_curve *f)
{
	const std::vector<struct vec> &points = f->points;
	struct vec a = points[0], far = a;

	for (const struct vec &p : points)
		if (vec_length(vec_sub(p, a)) > vec_length(vec_sub(far, a)))
			far = p;
	double length = vec_length(vec_sub(far, a));
	if (!(length > SAME * view->size))
		return false;
	struct vec way = vec_scale(vec_sub(far, a), 1 / length);
	for (const struct vec &p : points)
		if (std::fabs(vec_cross(vec_sub(p, a), way)) > SAME * view->size)
			return false;
	double hi = farthest(f, [&](struct vec p) { return vec_dot(vec_sub(p, a), way); });
	double lo = -farthest(f, [&](struct vec p) { return -vec_dot(vec_sub(p, a), way); });
	add_line(view, piece, vec_add(a, vec_scale(way, lo)), vec_add(a, vec_scale(way, hi)));
	return true;
}

/* The centre of the circle through three points; false where they are too nearly in line. */
static bool centre_of(const struct view *view, struct vec a, struct vec b, struct vec c,
		      struct vec *centre)
{
	struct vec u = vec_sub(b, a), v = vec_sub(c, a);
	double det = 2 * vec_cross(u, v), uu = vec_dot(u, u), vv = vec_dot(v, v);

	if (std::fabs(det) * FARTHEST_CENTRE * view->size <=
	    vec_length(u) * vec_length(v) * vec_length(vec_sub(u, v)))
		return false;
	*centre = vec_add(a, vec_scale(vec(v.y * uu - u.y * vv, u.x * vv - v.x * uu), 1 / det));
	return true;
}

static bool try_arc(struct view *view, struct piece piece, const struct flat_curve *f)
{
	const std::vector<struct vec> &points = f->points;
	double radius, turn = 0, lo = 0, hi = 0;
	struct vec c;

	if (!centre_of(view, points[0], points[SAMPLES / 3], points[2 * SAMPLES / 3], &c) &&
	    !centre_of(view, points[0], points[SAMPLES / 6], points[SAMPLES / 3], &c))
		return false;
	radius = vec_length(vec_sub(points[0], c));
	for (size_t i = 0; i < points.size(); i++) {
		struct vec p = vec_sub(points[i], c), q = vec_sub(points[i ? i - 1 : 0], c);

		if (std::fabs(vec_length(p) - radius) > SAME * view->size)
			return false;
		turn += std::atan2(vec_cross(q, p), vec_dot(q, p));
		lo = min2(lo, turn);
		hi = max2(hi, turn);
	}
	/* Angles are counted from the middle of the arc, from where they do not jump. */
	struct vec first = vec_sub(points[0], c);
	double middle = std::atan2(first.y, first.x) + (lo + hi) / 2;
	auto angle = [&](struct vec p) {
		struct vec q = vec_rotate(vec_sub(p, c), -middle);

		return std::atan2(q.y, q.x);
	};
	if (hi - lo < 2 * M_PI - WRAP_RAD) {
		hi = farthest(f, angle);
		lo = -farthest(f, [&](struct vec p) { return -angle(p); });
	} else {
		hi = M_PI;
		lo = -M_PI;
	}
	add_arc(view, piece, c, radius, radius, 0, middle + lo, hi - lo);
	return true;
}

/* The poles of the curve between t0 and t1, without the first, by its points and tangents. */
static void add_poles(const struct view *view, const BRepAdaptor_Curve &curve, double t0, double t1,
		      int halvings, std::vector<struct vec> *poles)
{
	gp_Pnt p0, p1;
	gp_Vec d0, d1;
	struct vec q[4], middle = flat_point(view, curve, (t0 + t1) / 2), quarter;

	curve.D1(t0, p0, d0);
	curve.D1(t1, p1, d1);
	q[0] = flat(view, gp_Vec(p0.XYZ()));
	q[3] = flat(view, gp_Vec(p1.XYZ()));
	q[1] = vec_add(q[0], flat(view, d0 * ((t1 - t0) / 3)));
	q[2] = vec_sub(q[3], flat(view, d1 * ((t1 - t0) / 3)));
	quarter = flat_point(view, curve, t0 + (t1 - t0) / 4);
	struct solid_curve bezier = {};
	bezier.poles = q;
	bezier.pole_count = 4;
	if (halvings < HALVINGS_MAX &&
	    max2(vec_length(vec_sub(solid_curve_point(&bezier, 0.5), middle)),
		 vec_length(vec_sub(solid_curve_point(&bezier, 0.25), quarter))) >
		    10 * SAME * view->size) {
		add_poles(view, curve, t0, (t0 + t1) / 2, halvings + 1, poles);
		add_poles(view, curve, (t0 + t1) / 2, t1, halvings + 1, poles);
	} else {
		poles->insert(poles->end(), q + 1, q + 4);
	}
}

static void add_spline(struct view *view, struct piece piece, const BRepAdaptor_Curve &curve,
		       double t0, double t1)
{
	struct solid_curve spline = curve_of(piece);
	TColStd_Array1OfReal knots(1, curve.NbIntervals(GeomAbs_C1) + 1);
	std::vector<struct vec> poles = {flat_point(view, curve, t0)};

	curve.Intervals(knots, GeomAbs_C1);
	for (int i = 1; i < knots.Length(); i++) {
		double a = max2(knots(i), t0), b = min2(knots(i + 1), t1);

		if (b > a)
			add_poles(view, curve, a, b, 0, &poles);
	}
	spline.pole_count = (int)poles.size();
	spline.poles = ARENA_NEW(view->arena, struct vec, poles.size());
	std::copy(poles.begin(), poles.end(), spline.poles);
	view->curves.push_back(spline);
}

static void add_other(struct view *view, struct piece piece, const BRepAdaptor_Curve &curve,
		      double t0, double t1)
{
	struct flat_curve f = {view, &curve, t0, t1, {}};

	for (size_t i = 0; i <= SAMPLES; i++)
		f.points.push_back(flat_point(view, curve, t_of(&f, i)));
	if (!try_line(view, piece, &f) && !try_arc(view, piece, &f))
		add_spline(view, piece, curve, t0, t1);
}

static void add_piece(struct view *view, struct piece piece, const BRepAdaptor_Curve &curve,
		      double t0, double t1)
{
	if (curve.GetType() == GeomAbs_Line) {
		add_line(view, piece, flat_point(view, curve, t0), flat_point(view, curve, t1));
	} else if (curve.GetType() == GeomAbs_Circle) {
		gp_Circ circle = curve.Circle();

		add_circle(view, piece, circle.Position(), circle.Radius(), circle.Radius(), t0,
			   t1);
	} else if (curve.GetType() == GeomAbs_Ellipse) {
		gp_Elips ellipse = curve.Ellipse();

		add_circle(view, piece, ellipse.Position(), ellipse.MajorRadius(),
			   ellipse.MinorRadius(), t0, t1);
	} else {
		add_other(view, piece, curve, t0, t1);
	}
}

static void add_edge(struct view *view, struct piece piece, const TopoDS_Edge &edge)
{
	BRepAdaptor_Curve curve(edge);

	add_piece(view, piece, curve, curve.FirstParameter(), curve.LastParameter());
}

static struct solid_curve reversed(const struct solid_curve *curve)
{
	struct solid_curve back = *curve;

	back.seg.a = curve->seg.b;
	back.seg.b = curve->seg.a;
	back.seg.from = curve->seg.from + curve->seg.sweep;
	back.seg.sweep = -curve->seg.sweep;
	for (int i = 0; i < curve->pole_count / 2; i++)
		std::swap(back.poles[i], back.poles[curve->pole_count - 1 - i]);
	return back;
}

struct solid_curve solid_flat_edge(const TopoDS_Edge &edge, const gp_Ax2 &axes, double size,
				   struct arena *arena)
{
	struct view view = {gp_Vec(axes.XDirection()), gp_Vec(axes.YDirection()), size, {}, arena};
	BRepAdaptor_Curve curve(edge);
	bool back = edge.Orientation() == TopAbs_REVERSED;
	struct vec start =
		flat_point(&view, curve, back ? curve.LastParameter() : curve.FirstParameter());

	add_edge(&view, {SOLID_SHARP, true}, edge);
	struct solid_curve flat = view.curves[0];
	struct vec a = solid_curve_point(&flat, 0), b = solid_curve_point(&flat, 1);
	bool closed = vec_length(vec_sub(a, b)) <= SAME * size;
	/* What became of the curve may run the other way. */
	if (!closed && vec_length(vec_sub(a, start)) > vec_length(vec_sub(b, start)))
		return reversed(&flat);
	return flat;
}

/* Edges within one surface (RgN) are no edges of the part. */
static void add_all(struct view *view, const Handle(HLRBRep_Algo) & algo)
{
	static const HLRBRep_TypeOfResultingEdge types[] = {HLRBRep_Sharp, HLRBRep_OutLine,
							    HLRBRep_Rg1Line};
	static const enum solid_edge edges[] = {SOLID_SHARP, SOLID_OUTLINE, SOLID_SMOOTH};
	HLRBRep_HLRToShape pieces(algo);

	for (int i = 0; i < 6; i++) {
		bool visible = i < 3;
		TopoDS_Shape shape = pieces.CompoundOfEdges(types[i % 3], visible, Standard_True);

		if (shape.IsNull())
			continue;
		for (TopExp_Explorer it(shape, TopAbs_EDGE); it.More(); it.Next())
			add_edge(view, {edges[i % 3], visible}, TopoDS::Edge(it.Current()));
	}
}

static void hide_any(struct view *view, const TopoDS_Shape &shape, const gp_Ax2 &axes)
{
	Handle(HLRBRep_Algo) algo = new HLRBRep_Algo;

	algo->Add(shape);
	algo->Projector(HLRAlgo_Projector(axes));
	algo->Update();
	algo->Hide();
	add_all(view, algo);
}

static int check_directions(const gp_Vec &look, const gp_Vec &up, struct err *err)
{
	if (look.Crossed(up).Magnitude() > FLAT * look.Magnitude() * up.Magnitude())
		return 0;
	return err_set(err, ERR_FORMAT, "the view has no direction, or up lies along it");
}

static double size_of(const TopoDS_Shape &shape)
{
	Bnd_Box box;

	BRepBndLib::Add(shape, box, Standard_False);
	return std::sqrt(box.SquareExtent()) / SOLID_MM;
}

/* Where `own` does not know the faces, or is not asked. */
static int project(const struct solid *solid, struct vec3 look, struct vec3 up, bool own,
		   struct arena *arena, struct solid_view *out, struct err *err)
{
	gp_Vec along(look.x, look.y, look.z), upwards(up.x, up.y, up.z);
	struct view view = {};

	if (check_directions(along, upwards, err) < 0)
		return -1;
	gp_Ax2 axes(gp_Pnt(0, 0, 0), gp_Dir(along.Reversed()), gp_Dir(along.Crossed(upwards)));
	view.right = gp_Vec(axes.XDirection());
	view.up = gp_Vec(axes.YDirection());
	view.size = size_of(solid->shape);
	view.arena = arena;
	auto sink = [&](const BRepAdaptor_Curve &curve, double t0, double t1, enum solid_edge edge,
			bool visible) {
		add_piece(&view, {edge, visible}, curve, t0, t1);
	};
	if (!own || !solid_hidden(solid->shape, view.right, view.up, gp_Vec(axes.Direction()),
				  view.size * SOLID_MM, sink))
		hide_any(&view, solid->shape, axes);
	out->count =
		solid_curves_tidy(view.curves.data(), (int)view.curves.size(), arena, &out->curves);
	return 0;
}

int solid_project(const struct solid *solid, struct vec3 look, struct vec3 up, struct arena *arena,
		  struct solid_view *out, struct err *err)
{
	return solid_guard(err, -1,
			   [&] { return project(solid, look, up, true, arena, out, err); });
}

int solid_project_any(const struct solid *solid, struct vec3 look, struct vec3 up,
		      struct arena *arena, struct solid_view *out, struct err *err)
{
	return solid_guard(err, -1,
			   [&] { return project(solid, look, up, false, arena, out, err); });
}
