/* SPDX-License-Identifier: MIT */
/* One table. Densities are those of data sheets. */
#include <config.h>

#include <assert.h>

#include "render/draft/draft_material.h"

#define COUNT(list) ((int)(sizeof(list) / sizeof(*(list))))

#define PLASTIC_SHARE 0.1
#define DICE 27720 /* divisible by 1 to 12: no material comes more often than another */

#define NOT_USED                                                                                   \
	{                                                                                          \
		0                                                                                  \
	}
#define CABINET (1u << FAMILY_CABINET)
#define BOTH (1u << FAMILY_PLATE | 1u << FAMILY_TURNED)

static const struct material materials[] = {
	{MATERIAL_STEEL,
	 BOTH,
	 7.85,
	 {{"S235JR+AR", "S235JR"},
	  {"ASTM A36 STEEL", "ASTM A36"},
	  {"Ст3 ГОСТ 380-2005", "Ст3"},
	  {"Steel", "Steel"}}},
	{MATERIAL_STEEL,
	 BOTH,
	 7.85,
	 {{"S355J2 EN 10025", "S355J2"},
	  {"1018 STEEL", "1018"},
	  {"Сталь 20 ГОСТ 1050-2013", "Сталь 20"},
	  {"Steel S235", "Steel"}}},
	{MATERIAL_STEEL,
	 BOTH,
	 7.85,
	 {{"C45 EN 10083", "C45"},
	  {"1045 CRS", "1045"},
	  {"Сталь 45 ГОСТ 1050-2013", "Сталь 45"},
	  {"Steel C45", "C45"}}},
	{MATERIAL_STEEL,
	 BOTH,
	 7.85,
	 {{"42CrMo4", "42CrMo4"},
	  {"AISI 4140", "4140"},
	  {"Сталь 40Х ГОСТ 4543-2016", "Сталь 40Х"},
	  NOT_USED}},
	{MATERIAL_STEEL,
	 1u << FAMILY_TURNED,
	 7.85,
	 {{"11SMn30", "11SMn30"}, {"12L14", "12L14"}, NOT_USED, NOT_USED}},
	{MATERIAL_STAINLESS,
	 BOTH,
	 7.9,
	 {{"X5CrNi18-10", "1.4301"},
	  {"304 STAINLESS", "304 SS"},
	  {"12Х18Н10Т ГОСТ 5632-2014", "12Х18Н10Т"},
	  NOT_USED}},
	{MATERIAL_IRON,
	 BOTH,
	 7.2,
	 {{"EN-GJL-250", "GJL-250"},
	  {"GRAY IRON CLASS 30", "CLASS 30"},
	  {"СЧ20 ГОСТ 1412-85", "СЧ20"},
	  NOT_USED}},
	{MATERIAL_ALUMINIUM,
	 BOTH,
	 2.7,
	 {{"EN AW-6082", "AlMgSi1"},
	  {"6061-T6 ALUMINUM", "6061-T6"},
	  {"АД31 ГОСТ 4784-2019", "АД31"},
	  {"Aluminium", "Alu"}}},
	{MATERIAL_ALUMINIUM,
	 BOTH,
	 2.8,
	 {{"EN AW-7075", "7075"},
	  {"7075-T6 ALUMINUM", "7075-T6"},
	  {"Д16Т ГОСТ 4784-2019", "Д16Т"},
	  NOT_USED}},
	{MATERIAL_COPPER,
	 BOTH,
	 8.5,
	 {{"CuZn39Pb3", "CuZn39Pb3"},
	  {"BRASS 360", "BRASS"},
	  {"ЛС59-1 ГОСТ 15527-2004", "ЛС59-1"},
	  {"Brass", "Brass"}}},
	{MATERIAL_COPPER,
	 1u << FAMILY_TURNED,
	 7.6,
	 {{"CuAl10Ni", "CuAl10Ni"},
	  {"BRONZE C954", "C954"},
	  {"БрАЖ9-4 ГОСТ 18175-78", "БрАЖ9-4"},
	  NOT_USED}},
	{MATERIAL_PLASTIC,
	 BOTH,
	 1.14,
	 {{"PA6", "PA6"}, {"NYLON 6/6", "NYLON"}, {"Капролон ПА-6", "ПА-6"}, NOT_USED}},
	{MATERIAL_PLASTIC,
	 BOTH,
	 1.41,
	 {{"POM-C", "POM"}, {"DELRIN", "DELRIN"}, {"Полиацеталь", "ПОМ"}, NOT_USED}},
	{MATERIAL_PLASTIC,
	 BOTH,
	 1.19,
	 {{"PMMA", "PMMA"},
	  {"ACRYLIC", "ACRYLIC"},
	  {"Стекло органическое ГОСТ 10667-90", "Оргстекло"},
	  {"Acrylic", "PMMA"}}},
	{MATERIAL_PLASTIC,
	 BOTH,
	 2.18,
	 {{"PTFE", "PTFE"}, {"PTFE", "PTFE"}, {"Фторопласт-4", "Ф4"}, NOT_USED}},
	{MATERIAL_WOOD,
	 CABINET,
	 0.68,
	 {{"Birch plywood", "Plywood"},
	  {"BIRCH PLYWOOD", "PLYWOOD"},
	  {"Фанера ФК ГОСТ 3916.1-2018", "Фанера"},
	  {"Birch plywood", "Plywood"}}},
	{MATERIAL_WOOD,
	 CABINET,
	 0.74,
	 {{"MDF EN 622-5", "MDF"}, {"MDF", "MDF"}, {"МДФ ГОСТ 32274-2013", "МДФ"}, {"MDF", "MDF"}}},
	{MATERIAL_WOOD,
	 CABINET,
	 0.66,
	 {{"Chipboard P2", "Chipboard"},
	  {"PARTICLEBOARD", "PB"},
	  {"ДСтП ГОСТ 10632-2014", "ДСтП"},
	  {"Chipboard", "Board"}}},
	{MATERIAL_WOOD,
	 CABINET,
	 0.68,
	 {{"Melamine board", "Melamine"},
	  {"MELAMINE BOARD", "MELAMINE"},
	  {"ЛДСП ГОСТ 32289-2013", "ЛДСП"},
	  {"Melamine board", "Board"}}},
	{MATERIAL_WOOD,
	 CABINET,
	 0.7,
	 {{"Oak", "Oak"}, {"OAK", "OAK"}, {"Дуб", "Дуб"}, {"Oak", "Oak"}}},
};

/* Whether people of this custom make parts of the family of the material. */
static bool is_used(const struct material *m, enum family family, enum custom custom, bool plastic)
{
	return m->families & 1u << family && m->names[custom][0] &&
	       (m->kind == MATERIAL_PLASTIC) == plastic;
}

const struct material *material_pick(enum family family, enum custom custom, struct rng *rng)
{
	bool plastic = rng_chance(rng, PLASTIC_SHARE) && family != FAMILY_CABINET;
	uint32_t dice = rng_below(rng, DICE);
	int count = 0, wanted;

	if (family == FAMILY_SHAPES)
		return NULL;
	for (int i = 0; i < COUNT(materials); i++)
		count += is_used(&materials[i], family, custom, plastic);
	assert(count > 0);
	wanted = (int)(dice % (uint32_t)count);
	for (int i = 0; i < COUNT(materials); i++)
		if (is_used(&materials[i], family, custom, plastic) && wanted-- == 0)
			return &materials[i];
	return NULL;
}
