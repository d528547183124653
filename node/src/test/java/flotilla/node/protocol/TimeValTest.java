package flotilla.node.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimeValTest {

    @ParameterizedTest
    @CsvSource({
        "20020717210715, 2002-07-17T21:07:15Z",
        "20240229000000, 2024-02-29T00:00:00Z",
        "20000229235959, 2000-02-29T23:59:59Z",
        "19991231235959.5, 1999-12-31T23:59:59.500Z",
        "19991231235959.05, 1999-12-31T23:59:59.050Z",
        "19991231235959.123456789, 1999-12-31T23:59:59.123Z",
        "19691231235959, 1969-12-31T23:59:59Z",
        "10000101000000, 1000-01-01T00:00:00Z",
        "99991231235959, 9999-12-31T23:59:59Z"
    })
    void aTimeIsUtc(String text, String instant) {
        assertEquals(OptionalLong.of(Instant.parse(instant).toEpochMilli()), TimeVal.parse(text));
    }

    @ParameterizedTest
    @CsvSource({"20161231235960, 2016-12-31T23:59:59.999Z", "20161231235960.5, 2016-12-31T23:59:59.999Z"})
    void aLeapSecondIsTheLastMillisecondBeforeIt(String text, String instant) {
        assertEquals(OptionalLong.of(Instant.parse(instant).toEpochMilli()), TimeVal.parse(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "2002071721071",
                "200207172107150",
                "20020717210715.",
                "20020717210715.x",
                "20020717210715,5",
                "20020717210715.1234567890",
                "20020717T210715",
                "20230229000000", // no leap year
                "19000229000000",
                "20020732000000",
                "20021301000000",
                "20020001000000",
                "20020100000000",
                "20020717240000",
                "20020717216000",
                "20020717210761",
                "20020717120060", // leap seconds end a day
                "09991231235959", // years have four digits
                "00000101000000",
                "+2002071721071",
                "-2002071721071",
                "２００２0717210715"
            })
    void whatIsNoTimeIsRefused(String text) {
        assertEquals(OptionalLong.empty(), TimeVal.parse(text));
    }

    @Test
    void formattingAgreesWithTheCalendarOfTheJdk() {
        DateTimeFormatter expected = DateTimeFormatter.ofPattern("yyyyMMddHHmmss", Locale.ROOT);
        Random random = new Random(4);
        long first = Instant.parse("1000-01-01T00:00:00Z").toEpochMilli();
        long last = Instant.parse("9999-12-31T23:59:59Z").toEpochMilli();
        for (int i = 0; i < 100_000; i++) {
            long millis = first + (long) (random.nextDouble() * (last - first));
            String text = TimeVal.format(millis);
            LocalDateTime time = LocalDateTime.ofInstant(Instant.ofEpochMilli(millis), ZoneOffset.UTC);
            assertEquals(expected.format(time), text);
            assertEquals(OptionalLong.of(Math.floorDiv(millis, 1000L) * 1000), TimeVal.parse(text));
        }
    }

    @ParameterizedTest
    @ValueSource(
            longs = {Long.MIN_VALUE / 1_000_000, -62_135_596_800_000L, 253_402_300_800_000L, Long.MAX_VALUE / 1_000_000
            })
    void aTimeBeyondFourDigitYearsStillHasFourteenDigits(long millis) {
        assertEquals(14, TimeVal.format(millis).length());
    }
}
