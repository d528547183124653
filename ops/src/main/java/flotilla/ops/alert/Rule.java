package flotilla.ops.alert;

import flotilla.cluster.AlertBoard.Reading;
import java.util.List;
import java.util.function.DoubleBinaryOperator;

/**
 * A rule. The readings of all nodes with its kind and the same subject are combined into one value, which is compared
 * with thresholds.
 *
 * @param name of the alert
 * @param kind of the readings
 * @param combine sum, greatest or least of two values
 * @param thresholds in the order of their levels
 * @param clear how far the value must go back before an alert is resolved
 * @param isLow whether small values are bad, as with days that are left
 * @param words tells a value and its threshold
 */
record Rule(
        String name,
        String kind,
        DoubleBinaryOperator combine,
        List<Double> thresholds,
        double clear,
        boolean isLow,
        Words words) {
    /** A value in words. */
    interface Words {
        /** @param reading the combined value */
        String of(Reading reading);
    }

    Rule {
        thresholds = List.copyOf(thresholds);
    }

    /**
     * Returns the level of a value; 0 for none.
     *
     * @param before its level until now
     */
    int level(double value, int before) {
        int level = (int) thresholds.stream()
                .filter(threshold -> isLow ? value <= threshold : value > threshold)
                .count();
        boolean isBack = isLow ? value > clear : value < clear;
        return level >= before || isBack ? level : before;
    }

    /** Tells a value, and what it is compared with. */
    String text(Reading reading, int level, boolean firing) {
        String told = words.of(reading);
        if (!firing) {
            return told + "; this is over";
        }
        return isLow || thresholds.get(level - 1) <= 0
                ? told
                : told + ", more than " + shown(thresholds.get(level - 1));
    }

    private static String shown(double number) {
        return String.valueOf(Math.round(number));
    }
}
