package flotilla.node.protocol;

/** A calendar time. Integer arithmetic computes it, because listings format one for each entry. */
record CivilTime(int year, int month, int day, int hour, int minute, int second) {
    private static final long DAY = 86_400_000L;

    /** @param millis milliseconds since 1970, of UTC or as a clock shows them */
    static CivilTime of(long millis) {
        long days = Math.floorDiv(millis, DAY);
        int seconds = (int) (Math.floorMod(millis, DAY) / 1000);
        // Turns days into a date over eras of 400 years; a year begins in March.
        long z = days + 719_468;
        long era = Math.floorDiv(z, 146_097L);
        long dayOfEra = z - era * 146_097;
        long yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
        long dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
        long monthFromMarch = (5 * dayOfYear + 2) / 153;
        int day = (int) (dayOfYear - (153 * monthFromMarch + 2) / 5 + 1);
        int month = (int) (monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9);
        int year = (int) (yearOfEra + era * 400 + (month <= 2 ? 1 : 0));
        return new CivilTime(year, month, day, seconds / 3600, seconds / 60 % 60, seconds % 60);
    }
}
