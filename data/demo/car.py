"""A car, drawn from the far side to the near one."""

from data.demo.body_shape import BodyShape
from data.demo.car_model import CarModel
from data.demo.ends import draw_front, draw_side_lamps, draw_tail
from data.demo.extras import draw_roof_rack, draw_spare_wheel, draw_spoiler
from data.demo.flank import draw_flank
from data.demo.look import Look
from data.demo.skin import draw_skin
from data.demo.stage import Stage
from data.demo.wheels import draw_underside, draw_wheels


def draw_car(stage: Stage, shape: BodyShape, model: CarModel, look: Look) -> None:
    """Draw `model` on the stage.

    Args:
        stage: looks at the car from its left, by no more than 45 degrees from the side.
        shape: the solid of the model's body.
        look: what varies from car to car.
    """
    draw_underside(stage, shape)
    if model.spare_wheel and stage.camera.yaw >= 0:
        draw_spare_wheel(stage, shape, model, look)
    draw_skin(stage, shape, look)
    draw_front(stage, shape, model, look)
    draw_tail(stage, shape, model, look)
    draw_flank(stage, shape, model, look)
    draw_side_lamps(stage, shape, model, look)
    draw_wheels(stage, shape, model, look)
    if model.spare_wheel and stage.camera.yaw < 0:
        draw_spare_wheel(stage, shape, model, look)
    if model.spoiler:
        draw_spoiler(stage, shape, look)
    if model.roof_rack:
        draw_roof_rack(stage, shape, look)
