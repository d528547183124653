package flotilla.storage.s3;

import flotilla.storage.StoreMeter;
import java.util.concurrent.atomic.AtomicInteger;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;

/** Counts the attempts that the SDK makes again. */
final class RetryCount implements ExecutionInterceptor {
    private static final ExecutionAttribute<AtomicInteger> ATTEMPTS = new ExecutionAttribute<>("flotillaAttempts");

    private final String store;
    private final StoreMeter meter;

    RetryCount(String store, StoreMeter meter) {
        this.store = store;
        this.meter = meter;
    }

    @Override
    public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
        attributes.putAttribute(ATTEMPTS, new AtomicInteger());
    }

    @Override
    public void beforeTransmission(Context.BeforeTransmission context, ExecutionAttributes attributes) {
        if (attributes.getAttribute(ATTEMPTS).getAndIncrement() > 0) {
            meter.retried(store);
        }
    }
}
