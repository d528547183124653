package flotilla.ops.console;

import com.fasterxml.jackson.databind.node.TextNode;
import flotilla.ops.e2e.Await;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.logging.Level;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebDriverException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** Chromium without a screen, and without any other network than this machine. */
final class Browser implements AutoCloseable {
    private final ChromeDriver driver;

    Browser() {
        ChromeOptions options = new ChromeOptions();
        options.setBinary("/usr/bin/chromium");
        options.addArguments(
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--no-proxy-server",
                "--disable-background-networking",
                "--disable-component-update",
                "--window-size=1280,900");
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        options.setCapability("goog:loggingPrefs", logs);
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(new File("/usr/bin/chromedriver"))
                .usingAnyFreePort()
                .build();
        this.driver = new ChromeDriver(service, options);
    }

    ChromeDriver driver() {
        return driver;
    }

    void open(String url) {
        driver.get(url);
    }

    WebElement find(String css) {
        return driver.findElement(By.cssSelector(css));
    }

    boolean has(String css) {
        return !driver.findElements(By.cssSelector(css)).isEmpty();
    }

    /** Waits for an element whose text has a part. */
    WebElement await(String css, String part) throws Exception {
        return Await.present(css + " with " + part, () -> {
            try {
                return driver.findElements(By.cssSelector(css)).stream()
                        .filter(each -> each.getText().contains(part))
                        .findFirst();
            } catch (WebDriverException replaced) {
                return Optional.empty();
            }
        });
    }

    void signIn(String url, String token) throws Exception {
        driver.manage().deleteAllCookies();
        open(url + "/console/sign-in");
        find("#token").sendKeys(token);
        find("main button").click();
        await("h1", "Overview");
    }

    void size(int width, int height) {
        driver.manage().window().setSize(new Dimension(width, height));
    }

    /** Sets the width of the page itself, which may be less than that of a window. */
    void phone(boolean on) {
        if (on) {
            driver.executeCdpCommand(
                    "Emulation.setDeviceMetricsOverride",
                    Map.of("width", 360, "height", 740, "deviceScaleFactor", 1, "mobile", true));
        } else {
            driver.executeCdpCommand("Emulation.clearDeviceMetricsOverride", Map.of());
        }
    }

    void dark(boolean on) {
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", on ? "dark" : "light"))));
    }

    Object script(String text, Object... arguments) {
        return Objects.requireNonNullElse(driver.executeScript(text, arguments), "");
    }

    /** Returns what the browser complained of since the last call. */
    List<String> complaints() {
        List<String> texts = new ArrayList<>();
        for (LogEntry entry : driver.manage().logs().get(LogType.BROWSER)) {
            texts.add(entry.getLevel() + " " + entry.getMessage());
        }
        return texts;
    }

    /** Runs a script before those of each page from now on, and returns its name. */
    String beforeEachPage(String script) {
        driver.executeCdpCommand("Performance.enable", Map.of());
        return String.valueOf(
                driver.executeCdpCommand("Page.addScriptToEvaluateOnNewDocument", Map.of("source", script))
                        .get("identifier"));
    }

    void noMoreBeforePages(String identifier) {
        driver.executeCdpCommand("Page.removeScriptToEvaluateOnNewDocument", Map.of("identifier", identifier));
    }

    /** Returns a text as a literal of a script. */
    static String quoted(String text) {
        return TextNode.valueOf(text).toString();
    }

    /** Returns what the browser has measured of the page. */
    Map<String, Double> measures() {
        Map<String, Double> measures = new HashMap<>();
        for (Object each : (List<?>)
                driver.executeCdpCommand("Performance.getMetrics", Map.of()).get("metrics")) {
            Map<?, ?> metric = (Map<?, ?>) each;
            measures.put(String.valueOf(metric.get("name")), ((Number) metric.get("value")).doubleValue());
        }
        return measures;
    }

    /** Returns what axe-core finds on the page. */
    String axe() throws IOException {
        try (InputStream file = Browser.class.getResourceAsStream("/axe.min.js")) {
            String axe = new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8);
            script(axe);
        }
        return String.valueOf(driver.executeAsyncScript("const done = arguments[arguments.length - 1];"
                + "axe.run(document).then(r => done(r.violations.map(v => v.id + ': '"
                + " + v.nodes.map(n => n.target.join(' ') + ' ' + n.failureSummary).join(' | ')).join('\\n')),"
                + " e => done('failed: ' + e));"));
    }

    /** Keeps a picture of the page if a property asks for it. */
    void picture(String name) throws IOException {
        if (Boolean.getBoolean("flotilla.write-pictures")) {
            size(1100, name.contains("overview") ? 800 : 460);
            Path pictures = Files.createDirectories(Path.of("..", "docs", "monitor"));
            Files.write(pictures.resolve(name), driver.getScreenshotAs(OutputType.BYTES));
            size(1280, 900);
        }
    }

    @Override
    public void close() {
        driver.quit();
    }
}
