/* SPDX-License-Identifier: MIT */
/*
 * deepcad_texts: pieces of DeepCAD files, put together by the compiler.
 *
 *	MODEL(SKETCH("S", XY, PROFILE("P", LOOP(SQUARE))) ","
 *	      EXTRUDE("E", REGION("S", "P"), NEW, ONE(0.5)), ROW("S") "," ROW("E"))
 *
 * Numbers are written as they stand in the call.
 */
#ifndef TESTS_DEEPCAD_TEXTS_H
#define TESTS_DEEPCAD_TEXTS_H

#define LIST(A, B) A "," B
#define LIST3(A, B, C) A "," B "," C
#define XYZ(X, Y, Z) "{\"x\":" #X ",\"y\":" #Y ",\"z\":" #Z "}"
#define XY0(X, Y) XYZ(X, Y, 0.0)

#define TWO_POINTS(X0, Y0, X1, Y1) "\"start_point\":" XY0(X0, Y0) ",\"end_point\":" XY0(X1, Y1)
#define ROUND(X, Y, R, Z)                                                                          \
	"\"center_point\":" XY0(X, Y) ",\"radius\":" #R ",\"normal\":" XYZ(0.0, 0.0, Z)
#define ANGLES(RX, RY, SWEEP)                                                                      \
	"\"reference_vector\":" XY0(RX, RY) ",\"start_angle\":0.0,\"end_angle\":" #SWEEP
#define LINE(X0, Y0, X1, Y1) "{\"type\":\"Line3D\"," TWO_POINTS(X0, Y0, X1, Y1) "}"
#define CIRCLE(X, Y, R) "{\"type\":\"Circle3D\"," ROUND(X, Y, R, 1.0) "}"
/* From and to, centre, radius, where its angles begin and how far they go; Z: of its normal. */
#define ARC_ABOUT(X0, Y0, X1, Y1, X, Y, R, RX, RY, SWEEP, Z)                                       \
	"{\"type\":\"Arc3D\"," TWO_POINTS(X0, Y0, X1,                                              \
					  Y1) "," ROUND(X, Y, R, Z) "," ANGLES(RX, RY, SWEEP) "}"
#define ARC(X0, Y0, X1, Y1, X, Y, R, RX, RY, SWEEP)                                                \
	ARC_ABOUT(X0, Y0, X1, Y1, X, Y, R, RX, RY, SWEEP, 1.0)
#define PI 3.141592653589793
#define HALF_PI 1.5707963267948966

#define SQUARE LINE(0, 0, 1, 0) "," LINE(1, 0, 1, 1) "," LINE(1, 1, 0, 1) "," LINE(0, 1, 0, 0)
#define LOOP(CURVES) "{\"is_outer\":true,\"profile_curves\":[" CURVES "]}"
#define PROFILE(ID, LOOPS) "\"" ID "\":{\"properties\":{},\"loops\":[" LOOPS "]}"

#define PLANE(ORIGIN, X, Y, Z)                                                                     \
	"{\"origin\":" ORIGIN ",\"x_axis\":" X ",\"y_axis\":" Y ",\"z_axis\":" Z "}"
#define XY PLANE(XYZ(0, 0, 0), XYZ(1, 0, 0), XYZ(0, 1, 0), XYZ(0, 0, 1))
#define SKETCH(ID, PLANE, PROFILES)                                                                \
	"\"" ID "\":{\"type\":\"Sketch\",\"name\":\"" ID "\",\"transform\":" PLANE                 \
	",\"profiles\":{" PROFILES "}}"

#define NEW "NewBodyFeatureOperation"
#define JOIN "JoinFeatureOperation"
#define CUT "CutFeatureOperation"
#define INTERSECT "IntersectFeatureOperation"
#define DISTANCE(D) "{\"type\":\"DistanceExtentDefinition\",\"distance\":{\"value\":" #D "}}"
#define EXTENT(TYPE, ONE, TWO)                                                                     \
	"\"extent_type\":\"" TYPE                                                                  \
	"FeatureExtentType\",\"extent_one\":" DISTANCE(ONE) ",\"extent_two\":" DISTANCE(TWO)
#define ONE(D) EXTENT("OneSide", D, 0.0)
#define REGION(SKETCH, PROFILE) "{\"profile\":\"" PROFILE "\",\"sketch\":\"" SKETCH "\"}"
#define EXTRUDE(ID, REGIONS, OPERATION, EXTENT)                                                    \
	"\"" ID "\":{\"type\":\"ExtrudeFeature\",\"name\":\"" ID "\",\"profiles\":[" REGIONS       \
	"],\"operation\":\"" OPERATION                                                             \
	"\",\"start_extent\":{\"type\":\"ProfilePlaneStartDefinition\"}," EXTENT "}"

#define ROW(ID) "{\"entity\":\"" ID "\"}"
#define MODEL(ENTITIES, ROWS) "{\"entities\":{" ENTITIES "},\"sequence\":[" ROWS "]}"

/* A model of one sketch with profile "P" and one extrude of it. */
#define SIMPLE(LOOPS, OPERATION, EXTENT)                                                           \
	MODEL(SKETCH("S", XY, PROFILE("P", LOOPS)) "," EXTRUDE("E", REGION("S", "P"), OPERATION,   \
							       EXTENT),                            \
	      ROW("S") "," ROW("E"))

#endif
