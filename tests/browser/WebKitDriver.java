import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import javafx.application.Application;
import javafx.application.Platform;
import javafx.beans.value.ChangeListener;
import javafx.beans.value.ObservableValue;
import javafx.concurrent.Worker.State;
import javafx.scene.Scene;
import javafx.scene.input.MouseButton;
import javafx.scene.robot.Robot;
import javafx.scene.web.WebEngine;
import javafx.scene.web.WebView;
import javafx.stage.Stage;
import javafx.stage.StageStyle;

/**
 * One page in JavaFX's WebKit, with a mouse before it. Each line of standard input is a command and, after a space, what
 * it is given in base64; each is answered by a line: "=" or "!" (it failed) and a text in base64.
 *
 * <p>Arguments: the folder of the profile, the user agent.
 */
public class WebKitDriver extends Application {
  private static final int WIDTH = 1_000;
  private static final int HEIGHT = 700;

  private WebView view;
  private Robot robot;

  public static void main(String[] given) {
    launch(given);
  }

  @Override
  public void start(Stage stage) {
    view = new WebView();
    view.setContextMenuEnabled(false);
    view.getEngine().setUserDataDirectory(new File(getParameters().getRaw().get(0)));
    view.getEngine().setUserAgent(getParameters().getRaw().get(1));
    stage.initStyle(StageStyle.UNDECORATED);
    stage.setScene(new Scene(view, WIDTH, HEIGHT));
    stage.setX(0);
    stage.setY(0);
    stage.show();
    robot = new Robot();
    Thread commands = new Thread(this::obey);
    commands.setDaemon(true);
    commands.start();
  }

  private void obey() {
    try (var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      answer("=", System.getProperty("javafx.version"));
      for (String line; (line = lines.readLine()) != null; ) {
        String[] parts = line.split(" ", 2);
        String given = new String(Base64.getDecoder().decode(parts[1]), StandardCharsets.UTF_8);
        try {
          answer("=", parts[0].equals("goto") ? load(given) : inTurn(() -> act(parts[0], given)));
        } catch (Exception error) {
          answer("!", String.valueOf(error.getCause() == null ? error : error.getCause()));
        }
      }
    } catch (Exception error) {
      error.printStackTrace();
    }
    Platform.exit();
  }

  private static void answer(String kind, String text) {
    byte[] bytes = String.valueOf(text).getBytes(StandardCharsets.UTF_8);
    System.out.println(kind + Base64.getEncoder().encodeToString(bytes));
    System.out.flush();
  }

  /** What a call gives that is made in the thread of the page. */
  private static String inTurn(Callable<String> call) throws Exception {
    var result = new CompletableFuture<String>();
    Platform.runLater(
        () -> {
          try {
            result.complete(call.call());
          } catch (Throwable error) {
            result.completeExceptionally(error);
          }
        });
    return result.get();
  }

  /** Go to an address, and wait until it is loaded. */
  private String load(String url) throws Exception {
    var loaded = new CompletableFuture<String>();
    inTurn(
        () -> {
          WebEngine engine = view.getEngine();
          var state = engine.getLoadWorker().stateProperty();
          state.addListener(
              new ChangeListener<State>() {
                @Override
                public void changed(ObservableValue<? extends State> of, State was, State now) {
                  if (now == State.SUCCEEDED) loaded.complete("");
                  if (now == State.FAILED) loaded.completeExceptionally(engine.getLoadWorker().getException());
                  if (loaded.isDone()) state.removeListener(this);
                }
              });
          engine.load(url);
          return "";
        });
    return loaded.get();
  }

  private String act(String verb, String given) {
    switch (verb) {
      case "evaluate":
        return (String) view.getEngine().executeScript("JSON.stringify([" + given + "])");
      case "move":
        String[] place = given.split(" ");
        // Of a place that is a hair before a pixel the page is told the pixel before.
        long x = Math.round(Double.parseDouble(place[0]));
        long y = Math.round(Double.parseDouble(place[1]));
        robot.mouseMove(view.localToScreen(x + 0.5, y + 0.5));
        return "";
      case "press":
        robot.mousePress(MouseButton.PRIMARY);
        return "";
      case "release":
        robot.mouseRelease(MouseButton.PRIMARY);
        return "";
      default:
        throw new IllegalArgumentException("no command: " + verb);
    }
  }
}
