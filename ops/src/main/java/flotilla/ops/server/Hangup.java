package flotilla.ops.server;

import java.lang.reflect.Proxy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Handles SIGHUP: logrotate and operators ask a server by it to reload. It never ends the process. */
final class Hangup {
    private static final Logger LOG = LoggerFactory.getLogger(Hangup.class);

    /** The action for each SIGHUP. */
    @FunctionalInterface
    interface Reload {
        void run() throws Exception;
    }

    private Hangup() {}

    /** Runs {@code reload} for each SIGHUP, on a thread of the JVM. */
    static void reloads(Reload reload) {
        try {
            // By reflection, because the compiler warns of every use of sun.misc, and nothing else in the JDK handles a
            // signal.
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object reloading = Proxy.newProxyInstance(
                    handler.getClassLoader(), new Class<?>[] {handler}, (proxy, method, arguments) -> {
                        if (method.getName().equals("handle")) {
                            onSignal(reload);
                        }
                        return null;
                    });
            Object before = signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance("HUP"), reloading);
            if (handler.getField("SIG_IGN")
                    .get(null)
                    .equals(before)) { // then the JVM ignores the signal in spite of the handler
                LOG.info("SIGHUP stays ignored, as nohup has asked for: \"flotilla reload\" does the same");
            }
        } catch (ReflectiveOperationException e) {
            LOG.info("SIGHUP is not handled: {}", String.valueOf(e.getCause()));
        }
    }

    private static void onSignal(Reload reload) {
        try {
            reload.run();
            LOG.info("SIGHUP: logs were opened again, the configuration, certificates and lists were read again");
        } catch (Exception e) {
            LOG.warn("SIGHUP: not everything was read again, what was in use stays: {}", e.getMessage());
        }
    }
}
