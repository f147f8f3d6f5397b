"""The committed list of provinces, cities and districts, and the reading of typed addresses (domain.md 19.1)."""

import pytest

from core.districts import Address, Division, cities, counties, find, is_capital, provinces


def names(divisions: tuple[Division, ...]) -> list[str]:
    return [division.name for division in divisions]


def test_there_are_31_provinces_in_the_order_of_their_codes() -> None:
    assert len(provinces()) == 31
    assert provinces()[0] == Division("110000", "北京市")
    assert [p.code for p in provinces()] == sorted(p.code for p in provinces())


def test_every_code_has_six_digits_and_occurs_once() -> None:
    codes = [city.code for province in provinces() for city in cities(province.name)]
    codes += [c.code for p in provinces() for city in cities(p.name) for c in counties(city.name)]
    assert len(codes) == len(set(codes)) > 3000
    assert all(len(code) == 6 and code.isdigit() for code in codes)


def test_cities_and_counties_answer_to_full_and_short_names() -> None:
    assert cities("湖南") == cities("湖南省")
    assert names(cities("湖南省"))[:3] == ["长沙市", "株洲市", "湘潭市"]
    assert names(counties("长沙"))[-3:] == ["长沙县", "浏阳市", "宁乡市"]


def test_an_unknown_name_has_no_cities_and_no_counties() -> None:
    assert cities("火星省") == () == counties("")


def test_a_municipality_is_its_own_only_city_and_chongqing_has_counties() -> None:
    assert names(cities("重庆市")) == ["重庆市"]
    assert "渝中区" in names(counties("重庆市")) and "忠县" in names(counties("重庆市"))


@pytest.mark.parametrize(
    "city", ["东莞市", "中山市", "儋州市", "嘉峪关市", "仙桃市", "济源市", "神农架林区", "石河子市"]
)
def test_some_cities_have_no_districts(city: str) -> None:
    assert counties(city) == ()
    assert find(city).city == city and find(city).district == ""


def test_no_stand_in_of_the_statistics_office_is_offered() -> None:
    offered = {name for province in provinces() for name in names(cities(province.name))}
    assert not offered & {"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"}


@pytest.mark.parametrize(
    ("typed", "province", "city", "district", "rest"),
    [
        ("湖南省长沙市岳麓区麓谷大道668号", "湖南省", "长沙市", "岳麓区", "麓谷大道668号"),
        ("湖南长沙岳麓区麓谷大道668号", "湖南省", "长沙市", "岳麓区", "麓谷大道668号"),
        ("长沙岳麓麓谷大道668号", "湖南省", "长沙市", "岳麓区", "麓谷大道668号"),
        ("  中国湖南 衡阳,石鼓区 松木工业园 ", "湖南省", "衡阳市", "石鼓区", "松木工业园"),
        ("浏阳市永安镇", "湖南省", "长沙市", "浏阳市", "永安镇"),
        ("浏阳永安镇", "湖南省", "长沙市", "浏阳市", "永安镇"),
        ("宁乡县金洲新区", "湖南省", "长沙市", "宁乡市", "金洲新区"),
        ("长沙县星沙街道", "湖南省", "长沙市", "长沙县", "星沙街道"),
        ("吉林市船营区", "吉林省", "吉林市", "船营区", ""),
        ("吉林省长春市", "吉林省", "长春市", "", ""),
        ("吉林", "吉林省", "", "", ""),
        ("重庆忠县忠州街道", "重庆市", "重庆市", "忠县", "忠州街道"),
        ("重庆市市辖区渝中区解放碑", "重庆市", "重庆市", "渝中区", "解放碑"),
        ("北京朝阳区建国路", "北京市", "北京市", "朝阳区", "建国路"),
        ("江苏南京鼓楼区中山路", "江苏省", "南京市", "鼓楼区", "中山路"),
        ("东莞市长安镇", "广东省", "东莞市", "", "长安镇"),
        ("湖北仙桃彭场镇", "湖北省", "仙桃市", "", "彭场镇"),
        ("河南省省直辖县级行政区划济源市沁园街道", "河南省", "济源市", "", "沁园街道"),
        ("海南省澄迈县老城镇", "海南省", "澄迈县", "", "老城镇"),
        ("海南州共和县", "青海省", "海南藏族自治州", "共和县", ""),
        ("恩施州利川市", "湖北省", "恩施土家族苗族自治州", "利川市", ""),
        ("恩施市", "湖北省", "恩施土家族苗族自治州", "恩施市", ""),
        ("喀什", "新疆维吾尔自治区", "喀什地区", "", ""),
        ("新疆石河子市", "新疆维吾尔自治区", "石河子市", "", ""),
        ("上海南京东路100号", "上海市", "上海市", "", "南京东路100号"),
        ("合肥高新区望江西路", "安徽省", "合肥市", "", "高新区望江西路"),
    ],
)
def test_a_typed_address_is_cut_into_its_levels(typed: str, province: str, city: str, district: str, rest: str) -> None:
    assert find(typed) == Address(province, city, district, rest)


@pytest.mark.parametrize(
    "typed", ["", "车间三楼", "朝阳区建国路", "鼓楼区中山路", "中山东路18号", "新建厂房3号", "东山工业园"]
)
def test_what_names_no_certain_place_stays_as_it_was_typed(typed: str) -> None:
    assert find(typed) == Address(rest=typed)


def test_a_district_that_exists_twice_in_a_province_is_not_guessed() -> None:
    assert find("江苏鼓楼区中山路") == Address(province="江苏省", rest="鼓楼区中山路")


def test_every_full_address_finds_itself() -> None:
    for province in provinces():
        for city in cities(province.name):
            for county in counties(city.name):
                typed = f"{province.name}{city.name}{county.name}人民路1号"
                assert find(typed) == Address(province.name, city.name, county.name, "人民路1号")


def test_there_are_27_capitals_and_4_municipalities() -> None:
    capitals = [c.name for p in provinces() for c in cities(p.name) if is_capital(c.name)]
    assert len(capitals) == 31
    assert is_capital("长沙") and is_capital("重庆市")
    assert not any(map(is_capital, ["吉林市", "深圳市", "东莞市", "衡阳市", "", "长沙县"]))
