package flotilla.node.data;

import flotilla.node.tree.Backends;
import flotilla.node.tree.Mount;
import flotilla.storage.ByteSink;
import flotilla.storage.StorageBackend;
import flotilla.storage.StorageException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Homes whose uploads wait for a slow service with each write, and say so: {@link ByteSink#whileWaiting}. */
record SlowBackends(Backends backends, Duration slowness) implements Backends {
    private interface Call {
        Object run(Method method, Object[] given) throws Throwable;
    }

    private static <T> T proxy(Class<T> type, Call call) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (self, method, given) -> call.run(method, given)));
    }

    private static Object invoke(Object on, Method method, Object[] given) throws Throwable {
        try {
            return method.invoke(on, given);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    @Override
    public StorageBackend open(Mount mount) throws StorageException {
        StorageBackend backend = backends.open(mount);
        return proxy(StorageBackend.class, (method, given) -> {
            Object result = invoke(backend, method, given);
            return result instanceof ByteSink sink ? slow(sink) : result;
        });
    }

    private ByteSink slow(ByteSink sink) {
        Runnable[] alive = {() -> {}};
        return proxy(ByteSink.class, (method, given) -> {
            if (method.getName().equals("whileWaiting")) {
                alive[0] = (Runnable) given[0];
            } else if (method.getName().equals("write") && ((ByteBuffer) given[0]).hasRemaining()) {
                for (long end = System.nanoTime() + slowness.toNanos(); System.nanoTime() < end; ) {
                    LockSupport.parkNanos(slowness.toNanos() / 50);
                    alive[0].run();
                }
            }
            return invoke(sink, method, given);
        });
    }

    @Override
    public void close() {
        // The homes are closed by their owner.
    }
}
