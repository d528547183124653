package flotilla.ops.admin;

import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/** A client that OpenAPI Generator makes from the description of the API. It is compiled and loaded here. */
final class GeneratedClient implements AutoCloseable {
    private static final Path GENERATOR = Path.of("target/generator/openapi-generator-cli.jar");
    private static final String OPTIONS = "openApiNullable=false,annotationLibrary=none,documentationProvider=none,"
            + "invokerPackage=generated,apiPackage=generated.api,modelPackage=generated.model";

    private final URLClassLoader classes;
    private final Object client;
    private final ObjectMapper mapper;
    private final Map<String, Method> operations = new HashMap<>();
    private final Set<String> called = new TreeSet<>();

    /** A refusal of the server. */
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;

        private final int status;

        private Refused(int status, Throwable cause) {
            super(cause.getMessage(), cause);
            this.status = status;
        }

        int status() {
            return status;
        }
    }

    private GeneratedClient(URLClassLoader classes, String url, String token) throws Exception {
        this.classes = classes;
        Class<?> type = classes.loadClass("generated.ApiClient");
        this.client = type.getConstructor().newInstance();
        type.getMethod("updateBaseUri", String.class).invoke(client, url + "/api/v1");
        Consumer<HttpRequest.Builder> signed = request -> request.header("Authorization", "Bearer " + token);
        type.getMethod("setRequestInterceptor", Consumer.class).invoke(client, signed);
        this.mapper = (ObjectMapper) type.getMethod("getObjectMapper").invoke(client);
    }

    /**
     * Generates and compiles a client.
     *
     * @param directory empty
     * @param document the description as a server gives it
     */
    static GeneratedClient of(Path directory, String document, String url, String token) throws Exception {
        Path file = Files.writeString(directory.resolve("openapi.json"), document);
        Path sources = directory.resolve("client");
        generate(file, sources);
        List<Path> java = new ArrayList<>(files(sources.resolve("src/main/java")));
        java.addAll(stubs(sources.resolve("javax/annotation")));
        Path compiled = Files.createDirectories(directory.resolve("classes"));
        compile(java, compiled);
        GeneratedClient client = new GeneratedClient(
                new URLClassLoader(new URL[] {compiled.toUri().toURL()}, GeneratedClient.class.getClassLoader()),
                url,
                token);
        for (Path api : files(compiled.resolve("generated/api"))) {
            String name = api.getFileName().toString();
            if (name.endsWith("Api.class")) {
                client.add(client.classes.loadClass("generated.api." + name.replace(".class", "")));
            }
        }
        return client;
    }

    /** Writes the annotations that the generated classes have, so that no library is needed for them. */
    private static List<Path> stubs(Path directory) throws IOException {
        Files.createDirectories(directory);
        String begin = "package javax.annotation; public @interface ";
        return List.of(
                Files.writeString(directory.resolve("Nonnull.java"), begin + "Nonnull {}"),
                Files.writeString(directory.resolve("Nullable.java"), begin + "Nullable {}"),
                Files.writeString(
                        directory.resolve("Generated.java"),
                        begin + "Generated { String value(); String date() default \"\"; String comments(); }"));
    }

    private static void generate(Path document, Path to) throws IOException, InterruptedException {
        Path log = to.resolveSibling("generator.log");
        Process generator = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-jar",
                        GENERATOR.toString(),
                        "generate",
                        "-i",
                        document.toString(),
                        "-g",
                        "java",
                        "--library",
                        "native",
                        "-o",
                        to.toString(),
                        "--additional-properties=" + OPTIONS,
                        "--global-property",
                        "apis,models,supportingFiles,apiTests=false,modelTests=false,apiDocs=false,modelDocs=false")
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        if (generator.waitFor() != 0) {
            throw new AssertionError("no client can be generated: " + Files.readString(log));
        }
    }

    private static void compile(List<Path> sources, Path to) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<String> arguments = new ArrayList<>(
                List.of("-proc:none", "-nowarn", "-d", to.toString(), "-cp", System.getProperty("java.class.path")));
        sources.forEach(source -> arguments.add(source.toString()));
        if (compiler.run(null, null, null, arguments.toArray(String[]::new)) != 0) {
            throw new AssertionError("the generated client does not compile");
        }
    }

    private static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(Files::isRegularFile).toList();
        }
    }

    private void add(Class<?> api) {
        for (Method method : api.getDeclaredMethods()) {
            Class<?>[] types = method.getParameterTypes();
            boolean withHeaders = types.length > 0 && types[types.length - 1] == Map.class;
            String name = method.getName();
            if (java.lang.reflect.Modifier.isPublic(method.getModifiers())
                    && !withHeaders
                    && !name.endsWith("WithHttpInfo")
                    && !name.equals("downloadFileFromResponse")) {
                operations.put(name, method);
            }
        }
    }

    /** Returns the names of all operations. */
    Set<String> operations() {
        return new TreeSet<>(operations.keySet());
    }

    /** Returns the names of those that were called. */
    Set<String> called() {
        return called;
    }

    /**
     * Calls an operation.
     *
     * @param arguments as JSON has them; null for one that is left out
     * @return the answer, as the client writes what it has read
     */
    JsonNode call(String operation, Object... arguments) throws Exception {
        called.add(operation);
        Method method = operations.get(operation);
        Object api =
                method.getDeclaringClass().getConstructor(client.getClass()).newInstance(client);
        List<Object> values = new ArrayList<>();
        java.lang.reflect.Type[] types = method.getGenericParameterTypes();
        List<Object> given = Arrays.asList(arguments);
        for (int i = 0; i < types.length; i++) {
            JavaType type = mapper.getTypeFactory().constructType(types[i]);
            values.add(i < given.size() ? mapper.convertValue(given.get(i), type) : null);
        }
        try {
            return mapper.valueToTree(method.invoke(api, values.toArray()));
        } catch (InvocationTargetException e) {
            Throwable cause = e.getCause();
            int status = (int) cause.getClass().getMethod("getCode").invoke(cause);
            throw new Refused(status, cause);
        }
    }

    @Override
    public void close() throws IOException {
        classes.close();
    }
}
