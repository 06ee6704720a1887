/* SPDX-License-Identifier: MIT */
/*
 * STEP files (ISO 10303-21). Open CASCADE keeps the settings of its translators for the whole process:
 * one file is read or written at a time. Names and times that it would make up are set, so that a
 * solid's bytes are always the same.
 */
#include <config.h>

#include <mutex>
#include <sstream>
#include <streambuf>
#include <string>

#include <APIHeaderSection_MakeHeader.hxx>
#include <IFSelect_ReturnStatus.hxx>
#include <Interface_Static.hxx>
#include <STEPControl_Controller.hxx>
#include <STEPControl_Reader.hxx>
#include <STEPControl_Writer.hxx>
#include <StepBasic_Product.hxx>
#include <StepBasic_ProductDefinitionRelationship.hxx>
#include <StepData_Protocol.hxx>
#include <StepData_StepModel.hxx>
#include <StepData_StepWriter.hxx>
#include <TCollection_HAsciiString.hxx>
#include <XSControl_WorkSession.hxx>

#include "formats/solid/solid_private.hh"

extern "C" {
#include "base/fs.h"
}

static std::mutex translator;

static Handle(TCollection_HAsciiString) text(const char *s)
{
	return new TCollection_HAsciiString(s);
}

static void set_header(const Handle(StepData_StepModel) & model)
{
	APIHeaderSection_MakeHeader header(model);

	header.SetName(text("solid"));
	header.SetTimeStamp(text("1970-01-01T00:00:00"));
	header.SetAuthorValue(1, text(""));
	header.SetOrganizationValue(1, text(""));
	header.SetPreprocessorVersion(text("Open CASCADE"));
	header.SetOriginatingSystem(text("cadgen"));
	header.SetAuthorisation(text(""));
	header.Apply(model);
}

/* Open CASCADE counts the products, and the bodies in them, that the process has written. */
static void set_names(const Handle(StepData_StepModel) & model)
{
	int bodies = 0;

	for (int i = 1; i <= model->NbEntities(); i++) {
		Handle(StepBasic_ProductDefinitionRelationship) body =
			Handle(StepBasic_ProductDefinitionRelationship)::DownCast(model->Value(i));
		Handle(StepBasic_Product) product =
			Handle(StepBasic_Product)::DownCast(model->Value(i));

		if (!product.IsNull()) {
			product->SetId(text("solid"));
			product->SetName(text("solid"));
		}
		if (!body.IsNull())
			body->SetId(text(std::to_string(++bodies).c_str()));
	}
}

static int write_to(const struct solid *solid, std::ostream &out, struct err *err)
{
	STEPControl_Controller::Init();
	Interface_Static::SetCVal("write.step.schema", "AP214IS");
	Interface_Static::SetCVal("write.step.unit", "MM");
	STEPControl_Writer writer;
	if (writer.Transfer(solid->shape, STEPControl_AsIs) != IFSelect_RetDone)
		return err_set(err, ERR_FORMAT, "the solid cannot be put into STEP");
	Handle(StepData_StepModel) model = writer.Model();
	set_header(model);
	set_names(model);
	StepData_StepWriter printer(model);
	printer.SendModel(Handle(StepData_Protocol)::DownCast(model->Protocol()));
	printer.Print(out);
	return 0;
}

int solid_write_step(const struct solid *solid, const char *path, struct err *err)
{
	return solid_guard(err, -1, [&] {
		std::lock_guard<std::mutex> alone(translator);
		std::ostringstream out;

		if (write_to(solid, out, err) < 0)
			return err_context(err, "%s", path);
		return fs_write(path, out.str().data(), out.str().size(), err);
	});
}

/* Bytes that are in memory, without a copy. */
struct memory : std::streambuf {
	memory(char *data, size_t n)
	{
		setg(data, data, data + n);
	}
};

static struct solid *parse(const char *path, struct buf *bytes, struct err *err)
{
	memory from(bytes->data, bytes->len);
	std::istream in(&from);
	STEPControl_Reader reader;

	if (reader.ReadStream(path, in) != IFSelect_RetDone) {
		err_set(err, ERR_FORMAT, "no complete STEP file");
		return nullptr;
	}
	reader.TransferRoots();
	if (reader.NbShapes() == 0) {
		err_set(err, ERR_FORMAT, "no shape in it");
		return nullptr;
	}
	return solid_finished(reader.OneShape(), 0, err);
}

struct solid *solid_read_step(const char *path, struct err *err)
{
	struct buf bytes = {};
	struct solid *solid;

	if (fs_read(path, SOLID_STEP_BYTES_MAX, &bytes, err) < 0) {
		buf_free(&bytes);
		return nullptr;
	}
	solid = solid_or_null(err, [&] {
		std::lock_guard<std::mutex> alone(translator);

		return parse(path, &bytes, err);
	});
	buf_free(&bytes);
	if (!solid)
		err_context(err, "%s", path);
	return solid;
}
