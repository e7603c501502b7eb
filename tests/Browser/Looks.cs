using Microsoft.Playwright;
using Xunit;

namespace SimplexActors.Browser;

/// <summary>What makes a page readable for everybody.</summary>
public static class Looks
{
    /// <summary>Least contrast of text (WCAG 2.2, level AA).</summary>
    private const double LeastContrast = 4.5;

    /// <summary>Least size of what is pressed, CSS pixels (WCAG 2.2, level AAA).</summary>
    private const double LeastTarget = 44;

    /// <summary>Fits the screen, follows the colour scheme, has contrast and a structure that is told to those who do not see it.</summary>
    public static async Task AssertReadableAsync(IPage page, ColorScheme scheme)
    {
        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), "The page scrolls sideways.");
        double brightness = await page.EvaluateAsync<double>("getComputedStyle(document.body).backgroundColor.match(/\\d+/g).slice(0, 3).reduce((sum, part) => sum + +part, 0) / 765");
        Assert.True(scheme == ColorScheme.Dark ? brightness < 0.2 : brightness > 0.8, $"The brightness is {brightness}.");

        Contrast[] texts = await page.EvaluateAsync<Contrast[]>(Contrasts);
        Assert.NotEmpty(texts);
        Assert.All(texts, text => Assert.True(text.Ratio >= LeastContrast, $"{text.Text}: contrast {text.Ratio:0.00}"));

        Assert.Equal("en", await page.EvaluateAsync<string>("document.documentElement.lang"));
        Assert.Equal(1, await page.GetByRole(AriaRole.Main).CountAsync());
        Assert.Equal(1, await page.GetByRole(AriaRole.Heading, new() { Level = 1 }).CountAsync());
        int[] levels = await page.EvaluateAsync<int[]>("[...document.querySelectorAll('h1,h2,h3,h4')].filter((h) => h.checkVisibility()).map((h) => +h.tagName[1])");
        Assert.All(levels.Zip(levels.Skip(1)), pair => Assert.True(pair.Second <= pair.First + 1, "A level of headings is left out."));
        Assert.Equal(0, await page.Locator("img:not([alt]), svg:not([aria-label]):not([aria-hidden])").CountAsync());
        Assert.Equal(0, await page.Locator("[style], [onclick]").CountAsync());
        foreach (ILocator button in await page.Locator(".button:visible").AllAsync())
        {
            Assert.True((await button.BoundingBoxAsync())!.Height >= LeastTarget, "A button is too small.");
        }
    }

    /// <summary>The texts of what Tab reaches, in its order, to the end of the page.</summary>
    public static async Task<string[]> KeyboardOrderAsync(IPage page)
    {
        var texts = new List<string>();
        await page.Keyboard.PressAsync("Tab");
        while (await page.EvaluateAsync<string?>("document.activeElement === document.body ? null : document.activeElement.textContent.trim()") is { } text
            && (texts.Count == 0 || text != texts[0]))
        {
            // Whoever uses keys sees where they are.
            Assert.NotEqual("none", await page.EvaluateAsync<string>("getComputedStyle(document.activeElement).outlineStyle"));
            texts.Add(text);
            await page.Keyboard.PressAsync("Tab");
        }

        return [.. texts];
    }

    /// <summary>Each visible piece of text with the contrast to what is behind it.</summary>
    private const string Contrasts =
        """
        () => {
          const parts = (colour) => { const c = colour.match(/[\d.]+/g).map(Number); return { rgb: c.slice(0, 3), alpha: c[3] ?? 1 }; };
          const luminance = (rgb) => { const [r, g, b] = rgb.map((v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
          const behind = (element) => { for (let e = element; e; e = e.parentElement) { const c = parts(getComputedStyle(e).backgroundColor); if (c.alpha === 1) return c.rgb; } return [255, 255, 255]; };
          const found = [];
          const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          while (walker.nextNode()) {
            const element = walker.currentNode.parentElement;
            const text = walker.currentNode.textContent.trim();
            if (!text || element.closest('noscript') || !element.checkVisibility()) continue;
            const [light, dark] = [luminance(parts(getComputedStyle(element).color).rgb), luminance(behind(element))].sort((a, b) => b - a);
            found.push({ Text: text.slice(0, 40), Ratio: (light + 0.05) / (dark + 0.05) });
          }
          return found;
        }
        """;

    /// <summary>A text and its contrast.</summary>
    public sealed record Contrast
    {
        /// <summary>Its beginning.</summary>
        public string Text { get; init; } = "";

        /// <summary>From 1 to 21.</summary>
        public double Ratio { get; init; }
    }
}
