using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using SimplexActors.Actors;

namespace SimplexActors.Nodes.Edges.Control;

/// <summary>Reads lines of bounded length, ended by LF or CRLF (O-231).</summary>
internal sealed class LineReader(Stream stream)
{
    private readonly PipeReader _bytes = PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true));

    /// <summary>The next line without its end; null when there is no whole one any more.</summary>
    /// <exception cref="InvalidDataException">A line is longer than <see cref="Limits.ControlLineBytes"/>.</exception>
    public async Task<string?> ReadAsync(CancellationToken cancellation)
    {
        while (true)
        {
            ReadResult result = await _bytes.ReadAsync(cancellation);
            if (result.Buffer.PositionOf((byte)'\n') is { } end)
            {
                string line = Encoding.UTF8.GetString(result.Buffer.Slice(0, end));
                _bytes.AdvanceTo(result.Buffer.GetPosition(1, end));
                return line.EndsWith('\r') ? line[..^1] : line;
            }

            if (result.Buffer.Length > Limits.ControlLineBytes)
            {
                throw new InvalidDataException("The line is too long.");
            }

            _bytes.AdvanceTo(result.Buffer.Start, result.Buffer.End);
            if (result.IsCompleted)
            {
                return null;
            }
        }
    }
}
