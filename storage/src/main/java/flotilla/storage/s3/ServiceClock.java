package flotilla.storage.s3;

import java.time.DateTimeException;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.function.LongSupplier;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;

/**
 * The clock of a service, as its answers tell it (RFC 9110, section 6.6.1). Ages of objects are told by it: the clock of
 * this node may be wrong. Many threads use it at once.
 */
final class ServiceClock implements ExecutionInterceptor {
    private final LongSupplier local;
    private volatile long ahead;
    private volatile boolean known;

    /** @param local the clock of this node, milliseconds since 1970 UTC */
    ServiceClock(LongSupplier local) {
        this.local = local;
    }

    @Override
    public void afterTransmission(Context.AfterTransmission context, ExecutionAttributes attributes) {
        context.httpResponse().firstMatchingHeader("Date").ifPresent(this::heard);
    }

    /** Takes a date of the service; one that cannot be read has no effect. */
    void heard(String date) {
        try {
            long service = ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant()
                    .toEpochMilli();
            ahead = service - local.getAsLong();
            known = true;
        } catch (DateTimeException e) {
            // Another answer tells it.
        }
    }

    /** Returns whether the service has told a date yet. */
    boolean isKnown() {
        return known;
    }

    /** Returns the time of the service in milliseconds since 1970 UTC; that of this node until it is known. */
    long millis() {
        return local.getAsLong() + ahead;
    }
}
